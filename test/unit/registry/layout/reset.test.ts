import assert from 'node:assert/strict';
import { rmSync, utimesSync } from 'node:fs';
import { test } from 'node:test';
import { addToLayoutIndex, dropUnreferenced, type OciStore, openStore } from '../../../../src/registry/layout/index.ts';
import { collect } from '../../../support/collect.ts';
import { blobFile, putBlob, sha256 } from '../../../support/layouts.ts';
import { temporaryDirectory } from '../../../support/trees.ts';

const oci = (kind: string): string => `application/vnd.oci.image.${kind}.v1+json`;
const later = BigInt(Date.now() + 60_000) * 1_000_000n;

/** An index that names a manifest that names a config and a layer; answers the layer's digest. */
async function exportImage(dir: string, name: string, tag: string): Promise<string> {
  const config = putBlob(dir, `config ${name}`);
  const layer = putBlob(dir, `layer ${name}`);
  const manifest = putBlob(dir, JSON.stringify({ config, layers: [layer] }), oci('manifest'));
  const index = putBlob(dir, JSON.stringify({ manifests: [manifest] }), oci('index'));
  await addToLayoutIndex(dir, index, [{ kind: 'tag', tag }]);
  return layer.digest;
}

async function count(store: OciStore): Promise<number> {
  return (await collect(store.blobs())).length;
}

void test('only what the index leads to stays', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  const first = await exportImage(root.path, 'one', 'latest');
  const kept = await exportImage(root.path, 'other', 'other');
  const second = await exportImage(root.path, 'two', 'latest');
  assert.equal(await count(store), 12);
  await dropUnreferenced(store, later);
  assert.equal(await count(store), 8);
  assert.equal(await store.info(first), undefined);
  assert.ok((await store.info(kept)) !== undefined && (await store.info(second)) !== undefined);
});

void test('what came since the build began stays: another build is about to name it', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  await exportImage(root.path, 'one', 'latest');
  const old = putBlob(root.path, 'old');
  utimesSync(blobFile(root.path, old.digest), 1000, 1000);
  const fresh = putBlob(root.path, 'fresh');
  await dropUnreferenced(store, 2_000_000_000_000n);
  assert.equal(await store.info(old.digest), undefined);
  assert.ok((await store.info(fresh.digest)) !== undefined);
});

void test('nothing is deleted when the index cannot be followed', async () => {
  using root = temporaryDirectory();
  const store = openStore(root.path, { writable: true });
  await exportImage(root.path, 'one', 'latest');
  const stray = putBlob(root.path, 'stray');
  const config = putBlob(root.path, 'config one');
  const manifest = JSON.stringify({ config, layers: [putBlob(root.path, 'layer one')] });
  rmSync(blobFile(root.path, sha256(manifest)));
  await assert.rejects(dropUnreferenced(store, later), {
    message: /^reset: failed to collect referenced blobs: content /,
  });
  assert.ok((await store.info(stray.digest)) !== undefined);
});
