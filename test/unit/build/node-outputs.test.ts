import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nodeOutputs } from '../../../src/build/node-outputs.ts';
import type { Exporter } from '../../../src/build/exporters.ts';

const exporter = (type: string, attrs: Readonly<Record<string, string>> = {}): Exporter => ({
  type,
  attrs,
  dest: undefined,
  pushedByEngine: [],
});

test('an image that is pushed goes to its repositories by digest', () => {
  const image = exporter('image', {
    name: 'docker.io/team/app:1,docker.io/team/app:2,localhost:5000/app',
    push: 'true',
    unpack: 'false',
    'annotation-index.who': 'me',
    'annotation-manifest-descriptor[linux/arm64].only': 'arm',
    'annotation-manifest.all': 'both',
    'annotation.plain': 'both',
  });
  const { exporters, push } = nodeOutputs([image, exporter('local')], ['linux/amd64']);
  const [{ attrs } = image, local] = exporters;
  assert.equal(attrs['name'], 'docker.io/team/app,localhost:5000/app');
  assert.deepEqual([attrs['push-by-digest'], attrs['push'], attrs['unpack']], ['true', 'true', 'false']);
  assert.deepEqual(
    Object.keys(attrs).filter((name) => name.startsWith('annotation')),
    ['annotation-index.who', 'annotation-manifest.all', 'annotation.plain'],
  );
  assert.equal(local?.type, 'local');
  assert.deepEqual(push?.names, ['docker.io/team/app:1', 'docker.io/team/app:2', 'localhost:5000/app']);
  assert.equal(push.insecure, false);
  const shown = push.annotations.map(({ type, platform, key, value }) => [type, platform?.architecture, key, value]);
  assert.deepEqual(shown, [
    ['index', undefined, 'who', 'me'],
    ['manifest-descriptor', 'arm64', 'only', 'arm'],
  ]);
});

test('what is not pushed stays as it is', () => {
  const outputs = [
    exporter('image', { name: 'app' }),
    exporter('image', { name: 'app', push: 'false' }),
    exporter('docker'),
  ];
  assert.deepEqual(nodeOutputs(outputs, []), { exporters: outputs, push: undefined });
});

test('a registry that may be insecure is so for the index, too', () => {
  const image = exporter('image', { name: 'example.com/app', push: 'true', 'registry.insecure': 'true' });
  assert.equal(nodeOutputs([image], []).push?.insecure, true);
});

describe('refused', () => {
  const cases: readonly (readonly [outputs: readonly Exporter[], message: RegExp])[] = [
    [[exporter('oci')], /^oci for multi-node builds currently not supported$/],
    [[exporter('tar')], /^tar for multi-node builds currently not supported$/],
    [[exporter('moby', { push: 'true' })], /^multi-node push can't currently be performed with the docker driver/],
    [[exporter('local', { mode: 'delete' })], /^local output mode=delete for multi-node builds/],
    [
      [exporter('image', { name: 'a', push: 'true' }), exporter('image', { name: 'b', push: 'true' })],
      /^several outputs that push under different names/,
    ],
  ];
  for (const [outputs, message] of cases) {
    test(outputs.map(({ type }) => type).join(), () => {
      assert.throws(() => nodeOutputs(outputs, []), { code: 'UNSUPPORTED', message });
    });
  }
});
