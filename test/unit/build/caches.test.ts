import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { anyFeatures } from '../../../src/build/attributes.ts';
import { type CacheDeps, planCaches } from '../../../src/build/caches.ts';
import type { BuildOptions } from '../../../src/build/options.ts';
import { addToLayoutIndex } from '../../../src/registry/layout/index.ts';
import { putBlob, sha256 } from '../../support/layouts.ts';
import { temporaryDirectory } from '../../support/trees.ts';

const context = { kind: 'memory', files: {} } as const;
const oldEngine = { ...anyFeatures, isEngine: true, containerImageStore: false };

function deps(change: Partial<CacheDeps> = {}): CacheDeps {
  return {
    features: anyFeatures,
    env: {},
    cwd: '/nowhere',
    daemonCaps: async () => new Set(['cache.gha', 'cache.s3']),
    onWarning: (message) => assert.fail(message),
    ...change,
  };
}

const plan = async (
  options: Omit<BuildOptions, 'context'>,
  change?: Partial<CacheDeps>,
): ReturnType<typeof planCaches> => await planCaches({ context, ...options }, deps(change));

const registry = { type: 'registry', attrs: { ref: 'host/app:cache', mode: 'max' } } as const;
const gha = { type: 'gha', attrs: { scope: 'main' } } as const;
const s3 = { type: 's3', attrs: { bucket: 'b', region: 'r' } } as const;

void test('caches go to the daemon as they are, and to the frontend', async () => {
  const unknown = { type: 'wat', attrs: {} };
  const daemonCaps = (): never => assert.fail('no need to ask');
  const caches = await plan({ cacheFrom: [registry, unknown], cacheTo: [registry] }, { daemonCaps });
  assert.deepEqual(caches.imports, [registry, unknown]);
  assert.deepEqual(caches.exports, [registry]);
  assert.deepEqual(caches.attributes, {
    'cache-imports': '[{"Type":"registry","Attrs":{"mode":"max","ref":"host/app:cache"}},{"Type":"wat"}]',
  });
  assert.equal(caches.stores.size, 0);
});

void test('inline by a build argument', async () => {
  const inline = { type: 'inline', attrs: {} };
  assert.deepEqual((await plan({ buildArgs: { BUILDKIT_INLINE_CACHE: '1' } })).exports, [inline]);
  assert.deepEqual((await plan({ buildArgs: { BUILDKIT_INLINE_CACHE: 'no' } })).exports, []);
  assert.deepEqual((await plan({ cacheTo: [inline] }, { features: oldEngine })).exports, [inline]);
});

void test('an engine with the old image store exports no cache', async () => {
  const message =
    'Cache export is not supported for the docker driver.\n' +
    'Switch to a different driver, or turn on the containerd image store, and try again.\n' +
    'Learn more at https://docs.docker.com/go/build-cache-backends/';
  await assert.rejects(plan({ cacheTo: [registry] }, { features: oldEngine }), { code: 'UNSUPPORTED', message });
  assert.deepEqual((await plan({ cacheFrom: [registry] }, { features: oldEngine })).imports, [registry]);
});

const github: readonly (readonly [env: Record<string, string>, added: Record<string, string> | undefined])[] = [
  [{}, undefined],
  [{ ACTIONS_RUNTIME_TOKEN: 't' }, undefined],
  [{ ACTIONS_CACHE_URL: 'u' }, undefined],
  [
    { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'u', ACTIONS_RESULTS_URL: 'r' },
    { token: 't', url: 'u' },
  ],
  [
    { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'r', ACTIONS_CACHE_SERVICE_V2: 'true' },
    { token: 't', url_v2: 'r', url: 'r' },
  ],
];

for (const [env, added] of github) {
  void test(`gha with ${Object.keys(env).join(', ') || 'nothing'}`, async () => {
    const { imports, exports } = await plan({ cacheFrom: [gha], cacheTo: [gha] }, { env });
    const expected = added === undefined ? [] : [{ type: 'gha', attrs: { scope: 'main', ...added } }];
    assert.deepEqual([imports, exports], [expected, expected]);
  });
}

void test('what gha is given is not replaced, and version=2 asks for the second service', async () => {
  const env = { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'r' };
  const given = { type: 'gha', attrs: { token: 'mine', version: '2' } };
  const { exports } = await plan({ cacheTo: [given] }, { env });
  assert.deepEqual(exports[0]?.attrs, { token: 'mine', version: '2', url_v2: 'r', url: 'r' });
});

void test('s3 gets the keys of the environment unless it has its own', async () => {
  const env = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' };
  const keys = { access_key_id: 'id', secret_access_key: 'secret', session_token: 'session' };
  assert.deepEqual((await plan({ cacheTo: [s3] }, { env })).exports[0]?.attrs, { ...s3.attrs, ...keys });
  const own = { type: 's3', attrs: { access_key_id: 'a', secret_access_key: 'b' } };
  assert.deepEqual((await plan({ cacheTo: [own] }, { env })).exports, [own]);
  const half = { type: 's3', attrs: { access_key_id: 'a' } };
  assert.deepEqual((await plan({ cacheTo: [half] }, { env })).exports[0]?.attrs, { ...keys, access_key_id: 'a' });
});

void test('backends that the daemon does not have are left out', async () => {
  const env = {
    ACTIONS_RUNTIME_TOKEN: 't',
    ACTIONS_CACHE_URL: 'u',
    AWS_ACCESS_KEY_ID: 'i',
    AWS_SECRET_ACCESS_KEY: 's',
  };
  let asked = 0;
  const daemonCaps = async (): Promise<ReadonlySet<string>> => {
    asked += 1;
    return new Set(['cache.s3']);
  };
  const { imports, exports } = await plan({ cacheFrom: [gha, s3], cacheTo: [gha, registry] }, { env, daemonCaps });
  assert.deepEqual(
    imports.map(({ type }) => type),
    ['s3'],
  );
  assert.deepEqual(exports, [registry]);
  assert.equal(asked, 1);
});

void test('a local cache: read by the digest of its tag, written with its name', async () => {
  using root = temporaryDirectory();
  const cwd = root.path;
  const manifest = putBlob(join(cwd, 'in'), '{}', 'application/vnd.oci.image.manifest.v1+json');
  await addToLayoutIndex(join(cwd, 'in'), manifest, [{ kind: 'tag', tag: 'main' }]);
  const cacheFrom = [{ type: 'local', attrs: { src: 'in', tag: 'main' } }];
  const cacheTo = [{ type: 'local', attrs: { dest: 'out', tag: 'x' } }];
  const caches = await plan({ cacheFrom, cacheTo }, { cwd });
  assert.deepEqual(caches.imports, [{ type: 'local', attrs: { src: 'in', tag: 'main', digest: manifest.digest } }]);
  assert.deepEqual(caches.exports, cacheTo);
  assert.deepEqual(
    [...caches.stores].map(([id, { dir }]) => [id, dir]),
    [
      ['local:in', join(cwd, 'in')],
      ['local:out', join(cwd, 'out')],
    ],
  );
  await assert.rejects(caches.stores.get('local:in')?.ingest('ref', { total: 0, expected: '' }) ?? assert.fail(), {
    refusal: 'failed precondition',
  });
  await caches.finish({});
  assert.ok(!existsSync(join(cwd, 'out/index.json')));
  await caches.finish({ 'cache.manifest': JSON.stringify(manifest) });
  assert.match(readFileSync(join(cwd, 'out/index.json'), 'utf8'), /"org.opencontainers.image.ref.name":"x"/);
});

void test('a directory that is read and written can be written', async () => {
  using root = temporaryDirectory();
  const cwd = root.path;
  await addToLayoutIndex(join(cwd, 'c'), putBlob(join(cwd, 'c'), '{}'), [{ kind: 'tag', tag: 'latest' }]);
  const both = {
    cacheFrom: [{ type: 'local', attrs: { src: 'c' } }],
    cacheTo: [{ type: 'local', attrs: { dest: 'c' } }],
  };
  const { stores } = await plan(both, { cwd });
  await using ingest = await stores.get('local:c')?.ingest('ref', { total: 0, expected: '' });
  assert.equal(ingest?.offset, 0);
});

void test('a local cache that cannot be read is left out with a warning', async () => {
  using root = temporaryDirectory();
  const cwd = root.path;
  const gone = { mediaType: '', digest: sha256('gone'), size: 4 };
  await addToLayoutIndex(join(cwd, 'c'), gone, [{ kind: 'tag', tag: 'latest' }]);
  writeFileSync(join(cwd, 'file'), '');
  const warnings: string[] = [];
  const caches: readonly Record<string, string>[] = [
    { src: 'none' },
    { src: 'c' },
    { src: 'c', tag: 'other' },
    { src: 'c', digest: 'sha256:x' },
    { src: 'file' },
  ];
  const cacheFrom = caches.map((attrs) => ({ type: 'local', attrs }));
  const { imports, attributes, stores } = await plan({ cacheFrom }, { cwd, onWarning: (text) => warnings.push(text) });
  assert.deepEqual([imports, attributes, stores.size], [[], {}, 0]);
  assert.deepEqual(warnings.slice(0, 3), [
    `local cache import at none skipped due to err: could not read ${cwd}/none/index.json: open ${cwd}/none/index.json: no such file or directory`,
    `local cache import at c skipped: digest ${gone.digest} unavailable: content ${gone.digest}: not found`,
    'local cache import at c skipped: no digest found for tag other',
  ]);
  assert.equal(warnings.length, 5);
  assert.ok(!existsSync(join(cwd, 'none')));
});

const wrong: readonly (readonly [
  option: 'cacheFrom' | 'cacheTo',
  type: string,
  attrs: Record<string, string>,
  message: string,
])[] = [
  ['cacheFrom', 'local', {}, 'local cache importer requires src'],
  [
    'cacheFrom',
    'local',
    { src: 'x', tag: '' },
    'local cache importer requires either explicit digest, "latest" tag or custom tag on index.json',
  ],
  ['cacheTo', 'local', {}, 'local cache exporter requires dest'],
  [
    'cacheTo',
    'local',
    { dest: 'x', reset: 'maybe' },
    'failed to parse reset attribute: strconv.ParseBool: parsing "maybe": invalid syntax',
  ],
  ['cacheFrom', 'registry', {}, 'registry cache importer requires ref'],
  ['cacheTo', 'registry', { ref: '' }, 'registry cache exporter requires ref'],
];

for (const [option, type, attrs, message] of wrong) {
  void test(message, async () => await assert.rejects(plan({ [option]: [{ type, attrs }] }), { message }));
}
