import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Exporter } from '../../../src/build/exporters.ts';
import { layoutOutputs } from '../../../src/build/layout-outputs.ts';
import { findByName, readLayoutIndex } from '../../../src/registry/layout/index.ts';
import { sha256 } from '../../support/layouts.ts';
import { temporaryDirectory } from '../../support/trees.ts';

const output = (type: string, path: string): Exporter => ({
  type,
  attrs: {},
  dest: { kind: 'directory', path },
  pushedByEngine: [],
});
const image = { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest: sha256('image'), size: 5 };
const response = { 'containerimage.descriptor': Buffer.from(JSON.stringify(image)).toString('base64') };

void test('an image gets its names in the layout, or latest', async () => {
  using root = temporaryDirectory();
  const dir = join(root.path, 'out');
  const outputs = await layoutOutputs([output('local', root.path), output('oci', dir)]);
  assert.deepEqual(
    [...outputs.stores].map(([id, store]) => [id, store.dir]),
    [['export', dir]],
  );
  await outputs.finish({});
  assert.ok(!existsSync(dir), 'nothing came');
  await outputs.finish({ ...response, 'image.name': 'docker.io/team/app:1,docker.io/team/app:2' });
  const named = await readLayoutIndex(dir);
  assert.deepEqual(
    ['docker.io/team/app:2', '1', 'latest'].map((name) => findByName(named, name)?.digest),
    [image.digest, image.digest, undefined],
  );
  await outputs.finish(response);
  assert.equal(findByName(await readLayoutIndex(dir), 'latest')?.digest, image.digest);
});

void test('a daemon can be asked for one only', async () => {
  await assert.rejects(layoutOutputs([output('oci', '/a'), output('docker', '/b')]), {
    code: 'INVALID_ARGUMENT',
    message: 'oci store key "export" already exists',
  });
});

void test('without one there is no store', async () => {
  assert.equal((await layoutOutputs([output('local', '/a')])).stores.size, 0);
});
