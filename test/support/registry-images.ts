// Images made by hand, in a registry of tests.
import { registryUser } from './registry.ts';
import { sha256 } from './layouts.ts';

export interface PutDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly platform?: unknown;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface TestImage {
  /** `os/arch[/variant]` each; more than one make an index. */
  readonly platforms: readonly string[];
  /** With a bill of materials and a provenance of each. */
  readonly attested?: boolean;
  /** Of the layers. */
  readonly salt?: string;
  /** Members of the manifests and the index. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** An index even of one platform. */
  readonly asIndex?: boolean;
}

const OCI = 'application/vnd.oci.image';
const login = `Basic ${Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64')}`;

/** A repository that everybody, or the user by password, may write to. */
export class TestRepository {
  readonly #base: string;

  constructor(host: string, path: string) {
    this.#base = `http://${host}/v2/${path}`;
  }

  async send(
    method: string,
    to: string,
    body?: string | Uint8Array<ArrayBuffer>,
    type = 'application/octet-stream',
  ): Promise<Response> {
    const url = to.startsWith('http') ? to : `${this.#base}/${to}`;
    const headers = {
      authorization: login,
      'content-type': type,
      accept: `${OCI}.manifest.v1+json, ${OCI}.index.v1+json, */*`,
    };
    const answer = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    if (!answer.ok && answer.status !== 404)
      throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async putBlob(data: string | Uint8Array<ArrayBuffer>, mediaType: string): Promise<PutDescriptor> {
    const digest = sha256(data);
    const begun = await this.send('POST', 'blobs/uploads/');
    const to = new URL(begun.headers.get('location') ?? '', this.#base);
    to.searchParams.append('digest', digest);
    await this.send('PUT', to.href, data);
    return { mediaType, digest, size: Buffer.byteLength(data) };
  }

  /** @param tag default: none */
  async putManifest(manifest: object, mediaType: string, tag?: string): Promise<PutDescriptor> {
    const data = JSON.stringify(manifest);
    const digest = sha256(data);
    await this.send('PUT', `manifests/${tag ?? digest}`, data, mediaType);
    return { mediaType, digest, size: Buffer.byteLength(data) };
  }

  /** An image or an index of images. */
  async putImage(tag: string, image: TestImage): Promise<PutDescriptor> {
    const { platforms, attested = false, annotations, asIndex = false } = image;
    const isIndex = platforms.length > 1 || attested || asIndex;
    const manifests: PutDescriptor[] = [];
    for (const name of platforms) {
      const [os = '', architecture = '', variant] = name.split('/');
      const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
      const manifest = await this.#imageManifest(name, platform, image);
      const put = await this.putManifest(manifest, `${OCI}.manifest.v1+json`, isIndex ? undefined : tag);
      if (!isIndex) return put;
      manifests.push({ ...put, platform });
    }
    const subjects = attested ? manifests.slice() : [];
    for (const subject of subjects) manifests.push(await this.#attest(subject));
    const index = { schemaVersion: 2, mediaType: `${OCI}.index.v1+json`, manifests, annotations };
    return await this.putManifest(index, `${OCI}.index.v1+json`, tag);
  }

  async #imageManifest(name: string, platform: object, { salt = '', annotations }: TestImage): Promise<object> {
    const layer = await this.putBlob(`layer of ${name} ${salt}`, `${OCI}.layer.v1.tar`);
    const config = {
      created: '2026-01-02T03:04:05.600Z',
      author: 'a <b>',
      ...platform,
      config: { Env: ['PATH=/bin'], Cmd: ['/bin/sh'], Labels: { b: '2', a: '<1>' }, ExposedPorts: { '80/tcp': {} } },
      rootfs: { type: 'layers', diff_ids: [layer.digest] },
      history: [{ created: '2026-01-02T03:04:05Z', created_by: 'COPY', comment: 'c' }, { empty_layer: true }],
    };
    const configBlob = await this.putBlob(JSON.stringify(config), `${OCI}.config.v1+json`);
    const mediaType = `${OCI}.manifest.v1+json`;
    return { schemaVersion: 2, mediaType, config: configBlob, layers: [layer], annotations };
  }

  async #attest(subject: PutDescriptor): Promise<PutDescriptor> {
    const layers: PutDescriptor[] = [];
    for (const [type, predicate] of [
      ['https://spdx.dev/Document', { spdxVersion: 'SPDX-2.3', name: 'first' }],
      ['https://spdx.dev/Document', { spdxVersion: 'SPDX-2.3', name: 'stage' }],
      ['https://slsa.dev/provenance/v0.2', { buildType: 'x', z: 1.5, a: [null, true] }],
    ] as const) {
      const statement = JSON.stringify({ predicateType: type, subject: subject.digest, predicate });
      const isSigned = type.includes('slsa');
      const envelope = JSON.stringify({ payload: Buffer.from(statement).toString('base64'), signatures: [] });
      const blob = isSigned
        ? await this.putBlob(envelope, 'application/vnd.in-toto.provenance+dsse')
        : await this.putBlob(statement, 'application/vnd.in-toto+json');
      layers.push({ ...blob, annotations: { 'in-toto.io/predicate-type': type } });
    }
    const rootfs = { type: 'layers', diff_ids: layers.map(({ digest }) => digest) };
    const config = { architecture: 'unknown', os: 'unknown', config: {}, rootfs };
    const configBlob = await this.putBlob(JSON.stringify(config), `${OCI}.config.v1+json`);
    const mediaType = `${OCI}.manifest.v1+json`;
    const put = await this.putManifest({ schemaVersion: 2, mediaType, config: configBlob, layers }, mediaType);
    const annotations = {
      'vnd.docker.reference.digest': subject.digest,
      'vnd.docker.reference.type': 'attestation-manifest',
    };
    return { ...put, annotations, platform: { architecture: 'unknown', os: 'unknown' } };
  }
}
