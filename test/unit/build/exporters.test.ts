import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NodeFeatures } from '../../../src/build/attributes.ts';
import { planExporters, prefersImageDigest } from '../../../src/build/exporters.ts';
import type { OutputSpec } from '../../../src/build/options.ts';

const engine: NodeFeatures = { isEngine: true, containerImageStore: true, attestations: true, hostGateway: undefined };
const oldStore: NodeFeatures = { ...engine, containerImageStore: false };
const buildkitd: NodeFeatures = { ...engine, isEngine: false };

const plan = (outputs: OutputSpec[], tags: string[] = [], features = engine, env = {}): unknown =>
  planExporters(outputs, tags, features, env).map(({ type, attrs }) => ({ type, ...attrs }));

test('without an output the engine gets the image, and a buildkitd keeps it in its cache', () => {
  assert.deepEqual(plan([], ['app', 'r.io/a:1']), [
    { type: 'moby', name: 'app,r.io/a:1', 'prefer-image-digest': 'true' },
  ]);
  assert.deepEqual(plan([], ['app'], oldStore), [{ type: 'moby', name: 'app' }]);
  assert.deepEqual(plan([], ['app'], buildkitd), []);
  assert.deepEqual(plan([], ['app'], engine, { BUILDX_NO_DEFAULT_LOAD: '1' }), []);
});

test('cacheonly stands for no exporter', () => assert.deepEqual(plan([{ type: 'cacheonly', attrs: {} }], ['app']), []));

test('loading into the engine that builds is its image exporter', () => {
  assert.deepEqual(plan([{ type: 'docker', attrs: {} }], ['app']), [
    { type: 'moby', name: 'app', 'prefer-image-digest': 'true' },
  ]);
  assert.throws(() => plan([{ type: 'docker', attrs: {} }], ['app'], buildkitd), { code: 'UNSUPPORTED' });
});

test('files and directories keep their exporter, only images are named', () => {
  const local: OutputSpec = { type: 'local', attrs: { a: 'b' }, dest: { kind: 'directory', path: '/x' } };
  const oci: OutputSpec = { type: 'oci', attrs: {}, dest: { kind: 'file', path: '/y' } };
  assert.deepEqual(plan([local, oci], ['app']), [
    { type: 'local', a: 'b' },
    { type: 'oci', name: 'app' },
  ]);
  assert.throws(() => plan([oci], [], oldStore), { message: /^OCI exporter is not supported for the docker driver\./ });
});

test('a push needs a name', () => {
  const push: OutputSpec = { type: 'registry', attrs: {} };
  assert.deepEqual(plan([push], ['r.io/a'], buildkitd), [{ type: 'image', push: 'true', name: 'r.io/a' }]);
  assert.throws(() => plan([push], [], buildkitd), { message: 'tag is needed when pushing to registry' });
  assert.throws(() => plan([{ type: 'image', attrs: { push: 'true', 'push-by-digest': 'true' } }], ['r.io/a']), {
    message: /^push-by-digest is currently not implemented for docker driver/,
  });
});

test('a tag is checked before anything is sent', () => {
  assert.throws(() => plan([], ['App']), {
    code: 'INVALID_ARGUMENT',
    message: 'invalid tag "App": repository name must be lowercase',
  });
});

test('with the containerd image store the image is known by its manifest', () => {
  assert.ok(prefersImageDigest(planExporters([], [], engine, {})));
  assert.ok(!prefersImageDigest(planExporters([], [], oldStore, {})));
});
