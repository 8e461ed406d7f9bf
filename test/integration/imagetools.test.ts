// Images are looked at, made and brought elsewhere, on real registries and in layouts.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createImage, inspectImage, type InspectImageOptions } from '../../src/index.ts';
import { startRegistry, startTokenServer, type TestRegistry, type TokenServer } from '../support/registry.ts';
import { TestRepository } from '../support/registry-images.ts';
import { type RegistryRelay, startRegistryRelay } from '../support/registry-relay.ts';

const all = ['config', 'sbom', 'provenance'] as const;

let dir: string;
let tokens: TokenServer;
let registry: TestRegistry;
let guarded: TestRegistry;
let relay: RegistryRelay;
let settings: InspectImageOptions;
let team: TestRepository;
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbx-imagetools-'));
  tokens = await startTokenServer();
  registry = await startRegistry({ kind: 'basic' });
  guarded = await startRegistry({ kind: 'token', realm: tokens.realm });
  relay = await startRegistryRelay(registry.host);
  const auth = Object.values((JSON.parse(registry.config) as { auths: Record<string, unknown> }).auths)[0];
  const auths = Object.fromEntries([registry.host, guarded.host, relay.host].map((host) => [host, auth]));
  await writeFile(join(dir, 'config.json'), JSON.stringify({ auths }));
  settings = { docker: { configDir: dir }, env: { DOCKER_HOST: 'unix:///nowhere.sock' } };
  team = new TestRepository(registry.host, 'team/app');
});
after(async () => {
  for (const resource of [relay, registry, guarded, tokens]) await resource?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

test('an index of forty platforms comes into another repository without a blob being sent again', async () => {
  const platforms = Array.from({ length: 40 }, (_, i) => `linux/made${i}`);
  const put = await team.putImage('many', { platforms, salt: 'many' });
  const name = `${relay.host}/other/app:many`;
  const { descriptor } = await createImage({ ...settings, sources: [`${relay.host}/team/app:many`], tags: [name] });
  assert.equal(descriptor.digest, put.digest);
  const mounts = relay.requests.filter((request) => /^POST .*\/other\/app\/blobs\/uploads\/\?mount=/.test(request));
  assert.equal(new Set(mounts).size, 80);
  assert.deepEqual(
    relay.requests.filter((request) => /^(PATCH|PUT) .*\/blobs\//.test(request)),
    [],
  );
  const { images } = await inspectImage(name, { ...settings, details: ['config'] });
  assert.equal(images.size, 40);
});

test('contents go from one registry to another, with the attestations', async () => {
  await team.putImage('attested', { platforms: ['linux/amd64', 'linux/arm64'], attested: true });
  const tags = ['x/a:1', 'x/a:2', 'x/b:1'].map((name) => `${guarded.host}/${name}`);
  const { bytes, repositories } = await createImage({
    ...settings,
    sources: [`${registry.host}/team/app:attested`],
    tags,
  });
  assert.deepEqual(repositories, [`${guarded.host}/x/a`, `${guarded.host}/x/b`]);
  for (const tag of tags) {
    const image = await inspectImage(tag, { ...settings, details: all });
    assert.deepEqual(image.bytes, bytes);
    const arm = image.images.get('linux/arm64');
    assert.deepEqual(arm?.sbom?.spdx, { spdxVersion: 'SPDX-2.3', name: 'first' });
    assert.equal(arm?.sbom?.additionalSpdxs.length, 1);
    assert.deepEqual(arm?.provenance?.slsa, { buildType: 'x', z: 1.5, a: [null, true] });
  }
});

for (const how of ['changed', 'cut'] as const) {
  test(`content that arrives ${how} leaves no tag`, async () => {
    const repository = new TestRepository(registry.host, `spoilt/${how}`);
    await repository.putImage('1', { platforms: ['linux/amd64', 'linux/arm64'], salt: how });
    const source = `${relay.host}/spoilt/${how}:1`;
    const { bytes } = await inspectImage(source, settings);
    const [first] = (JSON.parse(Buffer.from(bytes).toString()) as { manifests: { digest: string }[] }).manifests;
    const manifest = await repository.send('GET', `manifests/${first?.digest}`);
    const { layers } = (await manifest.json()) as { layers: { digest: string }[] };
    relay.spoil(layers[0]?.digest ?? '', how);
    await assert.rejects(
      createImage({ ...settings, sources: [source], tags: [`${guarded.host}/spoilt/${how}:1`] }),
      /copy sha256:/,
    );
    await assert.rejects(inspectImage(`${guarded.host}/spoilt/${how}:1`, settings), { code: 'NOT_FOUND' });
    relay.spoil(first?.digest ?? '', how);
    await assert.rejects(inspectImage(source, { ...settings, details: all }));
  });
}

test('an image goes into a layout and out of it again, with what refers to it', async () => {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const subject = await team.putImage('signed', { platforms: ['linux/amd64'], salt: 'signed' });
  const blob = await team.putBlob('{}', 'application/vnd.oci.empty.v1+json');
  const artifactType = 'application/vnd.dev.cosign.artifact.sig.v1+json';
  const { platform: _, ...named } = subject;
  const signature = { schemaVersion: 2, mediaType, artifactType, config: blob, layers: [blob], subject: named };
  const put = await team.putManifest(signature, mediaType);
  // registries without the list of referrers have this tag for it
  const list = {
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...put, artifactType }],
  };
  await team.putManifest(list, list.mediaType, subject.digest.replace(':', '-'));

  const layout = `oci-layout://${join(dir, 'layout')}`;
  const made = await createImage({
    ...settings,
    preferIndex: false,
    sources: [`${registry.host}/team/app:signed`],
    tags: [layout],
  });
  assert.equal(made.descriptor.digest, subject.digest);
  const index = await readFile(join(dir, 'layout/index.json'), 'utf8');
  assert.match(index, new RegExp(`"io.containerd.manifest.subject":"${subject.digest}"`));
  assert.match(index, /"org.opencontainers.image.ref.name":"latest"/);

  await createImage({ ...settings, preferIndex: false, sources: [layout], tags: [`${guarded.host}/from/layout:1`] });
  const { descriptor } = await inspectImage(`${guarded.host}/from/layout:1`, settings);
  assert.equal(descriptor.digest, subject.digest);
  await inspectImage(`${guarded.host}/from/layout@${put.digest}`, settings);

  const other = `oci-layout://${join(dir, 'other')}@sha256:${'0'.repeat(64)}`;
  await assert.rejects(
    createImage({ ...settings, sources: [layout], tags: [other] }),
    /requested digest sha256:0+ but produced/,
  );
  await assert.rejects(inspectImage(`${layout}:none`, settings), { code: 'NOT_FOUND' });
  const absent = `sha256:${'0'.repeat(64)}`;
  const message = `content ${absent}: not found`;
  await assert.rejects(inspectImage(`${layout}@${absent}`, settings), { code: 'NOT_FOUND', message });
  // not the working directory
  for (const nowhere of ['oci-layout://', 'oci-layout://:1']) {
    const made = createImage({ ...settings, cwd: dir, sources: [layout], tags: [nowhere] });
    await assert.rejects(made, { code: 'INVALID_ARGUMENT', message: /names no directory$/ });
  }
  assert.ok(!existsSync(join(dir, 'index.json')));
});

test('who has no login hears what may be wrong', async () => {
  await assert.rejects(
    inspectImage(`${registry.host}/team/app:many`, { ...settings, docker: { configDir: join(dir, 'none') } }),
    {
      code: 'AUTH',
      message: /^pull access denied, repository does not exist or may require authorization: /,
    },
  );
});

test('registries are reached as the builder says', async () => {
  await team.putImage('plain', { platforms: ['linux/amd64'] });
  const port = registry.host.split(':')[1] ?? '';
  const instances = join(dir, 'buildx/instances');
  const toml = `[registry."mirrored.example"]\n  mirrors = ["127.0.0.1:${port}"]\n`;
  await mkdir(instances, { recursive: true });
  const node = {
    Name: 'own0',
    Endpoint: 'tcp://127.0.0.1:1',
    Files: { 'buildkitd.toml': Buffer.from(toml).toString('base64') },
  };
  await writeFile(join(instances, 'own'), JSON.stringify({ Name: 'own', Driver: 'remote', Nodes: [node] }));
  const { descriptor } = await inspectImage('mirrored.example/team/app:plain', { ...settings, builder: 'own' });
  assert.match(descriptor.digest, /^sha256:/);
  await assert.rejects(
    inspectImage(`${registry.host}/team/app:plain`, { ...settings, builder: 'none' }),
    /no builder "none" found/,
  );
});
