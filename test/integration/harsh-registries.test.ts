// Registries as they are met: with certificates of their own, read-only, behind proxies that fail, with mirrors that are down.
// All are real; what is between them and us is not.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createBuilder, createImage, inspectImage, type InspectImageOptions } from '../../src/index.ts';
import { ca, clientCert, clientKey } from '../support/certificates.ts';
import { registryUser, startRegistry, type TestRegistry } from '../support/registry.ts';
import { type PutDescriptor, TestRepository } from '../support/registry-images.ts';
import { type RegistryRelay, startRegistryRelay } from '../support/registry-relay.ts';

let dir: string;
let registry: TestRegistry;
let relay: RegistryRelay;
let settings: InspectImageOptions;
let image: PutDescriptor;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-harsh-'));
  registry = await startRegistry({ kind: 'open' });
  relay = await startRegistryRelay(registry.host);
  await writeFile(join(dir, 'config.json'), '{}');
  for (const [name, text] of Object.entries({ ca, clientCert, clientKey })) await writeFile(join(dir, name), text);
  settings = { docker: { configDir: dir }, env: { DOCKER_HOST: 'unix:///nowhere.sock', HOME: dir } };
  image = await new TestRepository(registry.host, 'team/app').putImage('1', {
    platforms: ['linux/amd64', 'linux/386'],
  });
});
after(async () => {
  for (const resource of [relay, registry]) await resource?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** Makes a builder with a buildkitd.toml; nothing of it is started. */
async function builderWith(name: string, toml: string): Promise<string> {
  const buildkitdConfig = join(dir, `${name}.toml`);
  await writeFile(buildkitdConfig, toml);
  await mkdir(join(dir, 'buildx'), { recursive: true });
  return await createBuilder({
    ...settings,
    name,
    driver: 'local',
    buildkitdConfig,
  });
}

/** Copies the image there and reads it back. */
async function copyTo(host: string, more: Partial<InspectImageOptions> = {}, from = registry.host): Promise<void> {
  const name = `${host}/copy-${crypto.randomUUID().slice(0, 8)}/app:1`;
  const options = { ...settings, ...more };
  await createImage({ ...options, sources: [`${from}/team/app:1`], tags: [name] });
  const { descriptor, images } = await inspectImage(name, { ...options, details: ['config'] });
  assert.equal(descriptor.digest, image.digest);
  assert.equal(images.size, 2);
}

for (const tls of ['server', 'mutual'] as const) {
  test(`a private authority, ${tls === 'mutual' ? 'and certificates of clients' : 'no certificate of ours'}`, async () => {
    await using far = await startRegistry({ kind: 'basic' }, { tls });
    const login = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
    await writeFile(join(dir, 'config.json'), JSON.stringify({ auths: { [far.host]: { auth: login } } }));
    const pair =
      tls === 'mutual'
        ? `[[registry."${far.host}".keypair]]\nkey = "${dir}/clientKey"\ncert = "${dir}/clientCert"\n`
        : '';
    const known = await builderWith(
      `known-${tls}`,
      `[registry."${far.host}"]\nhttp = false\nca = ["${dir}/ca"]\n${pair}`,
    );
    await copyTo(far.host, { builder: known });

    const strange = await builderWith(`strange-${tls}`, `[registry."${far.host}"]\nhttp = false\n`);
    await assert.rejects(copyTo(far.host, { builder: strange }), { code: 'TRANSPORT', message: /certificate/i });
    const insecure = await builderWith(`insecure-${tls}`, `[registry."${far.host}"]\ninsecure = true\n`);
    if (tls === 'server') {
      await copyTo(far.host, { builder: insecure });
    } else {
      const keyless = await builderWith('keyless', `[registry."${far.host}"]\nhttp = false\nca = ["${dir}/ca"]\n`);
      await assert.rejects(copyTo(far.host, { builder: keyless }), { code: 'TRANSPORT', message: /certificate/i });
    }

    // where docker keeps certificates of registries
    const certs = join(dir, '.config/docker/certs.d', far.host);
    await mkdir(certs, { recursive: true });
    await writeFile(join(certs, 'ca.crt'), ca);
    if (tls === 'mutual') {
      await writeFile(join(certs, 'client.cert'), clientCert);
      await writeFile(join(certs, 'client.key'), clientKey);
    }
    await copyTo(far.host, { builder: strange });
  });
}

test('a registry that is read-only is read, and says so when it is written', async () => {
  const data = join(dir, 'data');
  {
    await using writable = await startRegistry({ kind: 'open' }, { data });
    await new TestRepository(writable.host, 'team/app').putImage('1', { platforms: ['linux/amd64', 'linux/386'] });
  }
  await using readOnly = await startRegistry({ kind: 'open' }, { data, readOnly: true });
  await copyTo(registry.host, {}, readOnly.host);
  await assert.rejects(copyTo(readOnly.host), /405|unsupported|not allowed/i);
});

test('connections that break, and registries that are busy or down for a moment, are tried again', async () => {
  relay.disturb(/^HEAD .*manifests/, 'reset', 1);
  relay.disturb(/^GET .*manifests/, 'down', 2);
  relay.disturb(/^POST .*uploads/, 'busy', 1);
  relay.disturb(/^PUT .*blobs/, 'break', 1);
  relay.disturb(/^PUT .*manifests/, 'reset', 1);
  relay.disturb(/^PUT .*manifests/, 'down', 1);
  await copyTo(relay.host);
  await copyTo(relay.host, {}, relay.host);
  assert.equal(relay.pending(), 0);
});

test('a registry that stays down is given up, and named', async () => {
  relay.disturb(/stays-down/, 'reset', 100);
  const inspected = inspectImage(`${relay.host}/stays-down:1`, settings);
  await assert.rejects(inspected, { code: 'TRANSPORT', message: new RegExp(relay.host) });
  assert.ok(relay.requests.filter((request) => request.includes('stays-down')).length < 10);
});

test('what refers to an image comes along where the registry lists it, and where only a tag does', async () => {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const artifactType = 'application/vnd.dev.cosign.artifact.sig.v1+json';
  const team = new TestRepository(registry.host, 'team/app');
  const blob = await team.putBlob('{}', 'application/vnd.oci.empty.v1+json');
  for (const [way, list] of [
    [
      'by tag',
      async (subject: PutDescriptor, index: object) => {
        await team.putManifest(index, 'application/vnd.oci.image.index.v1+json', subject.digest.replace(':', '-'));
      },
    ],
    [
      'by the list',
      async (subject: PutDescriptor, index: object) => {
        relay.serveIndex(`/v2/team/app/referrers/${subject.digest}`, index);
      },
    ],
  ] as const) {
    const subject = await team.putImage('signed', { platforms: ['linux/amd64'], salt: way });
    const { platform: _, ...named } = subject;
    const signature = { schemaVersion: 2, mediaType, artifactType, config: blob, layers: [blob], subject: named };
    const put = await team.putManifest(signature, mediaType);
    const manifests = [{ ...put, artifactType }];
    await list(subject, { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests });
    const target = `${registry.host}/signed/app`;
    const sources = [`${relay.host}/team/app:signed`];
    await createImage({ ...settings, preferIndex: false, sources, tags: [`${target}:1`] });
    const { descriptor } = await inspectImage(`${target}@${put.digest}`, settings);
    assert.equal(descriptor.digest, put.digest, way);
  }
});

test('of the mirrors of a builder those that are down, empty or broken are passed over', async () => {
  await using empty = await startRegistry({ kind: 'open' });
  await using broken = await startRegistryRelay(registry.host);
  broken.disturb(/./, 'down', 1000);
  const mirrors = ['127.0.0.1:1', empty.host, broken.host, registry.host].map((host) => `"${host}"`).join(', ');
  const builder = await builderWith('mirrored', `[registry."mirrored.example"]\nmirrors = [${mirrors}]\n`);
  const { descriptor } = await inspectImage('mirrored.example/team/app:1', { ...settings, builder });
  assert.equal(descriptor.digest, image.digest);
});
