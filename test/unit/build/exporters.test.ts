import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import type { NodeFeatures } from '../../../src/build/attributes.ts';
import { type ExporterContext, planExporters, prefersImageDigest } from '../../../src/build/exporters.ts';
import type { OutputSpec } from '../../../src/build/options.ts';

const engine: NodeFeatures = { isEngine: true, containerImageStore: true, attestations: true, hostGateway: undefined };
const oldStore: NodeFeatures = { ...engine, containerImageStore: false, attestations: false };
const buildkitd: NodeFeatures = { ...engine, isEngine: false };

interface Given {
  readonly outputs: readonly OutputSpec[];
  readonly options?: ExporterContext['options'];
  readonly features?: NodeFeatures;
  readonly env?: Readonly<Record<string, string>>;
  readonly importsOci?: boolean;
}

function planned({
  outputs,
  options = {},
  features = engine,
  env = {},
  importsOci = true,
}: Given): ReturnType<typeof planExporters> {
  const context = { options: { outputs, ...options }, features, env, importsOci: () => importsOci };
  return planExporters(outputs, context);
}

const plan = (outputs: OutputSpec[], tags: string[] = [], features = engine, more: Partial<Given> = {}): unknown =>
  planned({ outputs, features, ...more, options: { tags, ...more.options } }).map(({ type, attrs }) => ({
    type,
    ...attrs,
  }));

const image: OutputSpec = { type: 'image', attrs: {} };
const docker: OutputSpec = { type: 'docker', attrs: {} };
const push: OutputSpec = { type: 'registry', attrs: {} };
const local: OutputSpec = { type: 'local', attrs: { a: 'b' }, dest: { kind: 'directory', path: '/x' } };
const oci: OutputSpec = { type: 'oci', attrs: {}, dest: { kind: 'file', path: '/y' } };
const archive: OutputSpec = { type: 'docker', attrs: {}, dest: { kind: 'file', path: '/y' } };

test('on an engine an image is its own exporter', () => {
  const prefers = { 'prefer-image-digest': 'true' };
  assert.deepEqual(plan([image], ['app', 'r.io/a:1']), [{ type: 'moby', name: 'app,r.io/a:1', ...prefers }]);
  assert.deepEqual(plan([image], ['app'], oldStore), [{ type: 'moby', name: 'app' }]);
  assert.deepEqual(plan([docker], ['app']), [{ type: 'moby', name: 'app', ...prefers }]);
  assert.ok(prefersImageDigest(planned({ outputs: [image] })));
  assert.ok(!prefersImageDigest(planned({ outputs: [image], features: oldStore })));
});

test('cacheonly stands for no exporter', () => assert.deepEqual(plan([{ type: 'cacheonly', attrs: {} }], ['app']), []));

test('an image of another builder is loaded in the form that the engine takes', () => {
  assert.deepEqual(plan([docker], ['app'], buildkitd), [{ type: 'oci', name: 'app', 'prefer-image-digest': 'true' }]);
  assert.deepEqual(plan([docker], ['app'], buildkitd, { importsOci: false }), [{ type: 'docker', name: 'app' }]);
  const [loaded] = planned({ outputs: [{ ...docker, attrs: { context: 'far' } }], features: buildkitd });
  assert.equal(loaded?.loadsInto, 'far');
  assert.equal(planned({ outputs: [docker] })[0]?.loadsInto, undefined);
  assert.equal(planned({ outputs: [archive], features: buildkitd })[0]?.loadsInto, undefined);
});

test('an archive of the docker exporter holds one platform', () => {
  const options = { platforms: ['linux/amd64', 'linux/arm64'] };
  const two = (output: OutputSpec, features: NodeFeatures, importsOci = true): void =>
    void planned({ outputs: [output], options, features, importsOci });
  two(docker, buildkitd);
  two(docker, engine);
  assert.throws(() => two(docker, buildkitd, false), {
    message: 'docker exporter does not currently support exporting manifest lists',
  });
  assert.throws(() => two(archive, buildkitd), {
    message: 'docker exporter does not support exporting manifest lists, use the oci exporter instead',
  });
});

test('files and directories keep their exporter, only images are named', () => {
  assert.deepEqual(plan([local, oci], ['app']), [
    { type: 'local', a: 'b' },
    { type: 'oci', name: 'app' },
  ]);
  assert.throws(() => plan([oci], [], oldStore), { message: /^OCI exporter is not supported for the docker driver\./ });
  assert.throws(() => plan([archive], [], oldStore), { message: /^Docker exporter is not supported for the docker/ });
});

test('a destination is relative to the working directory that was given', () => {
  const outputs: OutputSpec[] = [{ type: 'tar', attrs: {}, dest: { kind: 'file', path: 'out/x.tar' } }];
  const [tar] = planned({ outputs, options: { cwd: '/work' } });
  assert.deepEqual(tar?.dest, { kind: 'file', path: resolve('/work', 'out/x.tar') });
});

test('a push needs a name', () => {
  const pushed = { type: 'image', push: 'true', unpack: 'false', name: 'r.io/a' };
  assert.deepEqual(plan([push], ['r.io/a'], buildkitd), [pushed]);
  assert.deepEqual(plan([{ ...push, attrs: { name: 'r.io/a' } }], [], buildkitd), [pushed]);
  assert.throws(() => plan([push], [], buildkitd), { message: 'tag is needed when pushing to registry' });
  assert.throws(() => plan([{ type: 'image', attrs: { push: 'true', 'push-by-digest': 'true' } }], ['r.io/a']), {
    message: /^push-by-digest is currently not implemented for docker driver/,
  });
});

test('an engine with the old image store pushes by itself', () => {
  const names = (features: NodeFeatures): readonly string[] =>
    planned({ outputs: [push], options: { tags: ['r.io/a', 'r.io/b:1'] }, features }).flatMap((x) => x.pushedByEngine);
  assert.deepEqual(names(oldStore), ['r.io/a', 'r.io/b:1']);
  assert.deepEqual(names(engine), []);
  assert.deepEqual(names(buildkitd), []);
});

test('annotations are attributes of the outputs that are named', () => {
  const annotations = [
    { key: 'a', value: '1' },
    { type: 'manifest', platform: 'linux/arm64', key: 'b', value: '2' },
    { type: 'index', platform: 'linux/arm64', key: 'c', value: '3' },
  ] as const;
  const attrs = { 'annotation.a': '1', 'annotation-manifest[linux/arm64].b': '2', 'annotation-index.c': '3' };
  const options = { annotations };
  assert.deepEqual(plan([oci], [], engine, { options }), [{ type: 'oci', ...attrs }]);
  assert.deepEqual(plan([image], [], engine, { options: { ...options, outputs: [] } }), plan([image]));
  assert.throws(() => plan([image], [], oldStore, { options }), {
    message: 'index annotations not supported for single platform export',
  });
});

test('the environment and build arguments reach the exporters', () => {
  const env = { BUILDX_NO_DEFAULT_OCI_ARTIFACT: '1' };
  assert.deepEqual(plan([oci, local], [], engine, { env }), [
    { type: 'oci', 'oci-artifact': 'false' },
    { type: 'local', a: 'b' },
  ]);
  assert.deepEqual(plan([{ ...oci, attrs: { 'oci-artifact': 'true' } }], [], engine, { env }), [
    { type: 'oci', 'oci-artifact': 'true' },
  ]);
  const options = { buildArgs: { BUILDKIT_INLINE_BUILDINFO_ATTRS: 'true' } };
  assert.deepEqual(plan([archive], [], engine, { options }), [{ type: 'docker', 'buildinfo-attrs': 'true' }]);
});

test('a tag is checked before anything is sent', () => {
  assert.throws(() => plan([image], ['App']), {
    code: 'INVALID_ARGUMENT',
    message: 'invalid tag "App": repository name must be lowercase',
  });
});
