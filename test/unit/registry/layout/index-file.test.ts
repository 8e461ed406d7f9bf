import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { addToLayoutIndex, findByName, readLayoutIndex } from '../../../../src/registry/layout/index.ts';
import { sha256 } from '../../../support/layouts.ts';
import { temporaryDirectory } from '../../../support/trees.ts';

const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const image = (content: string): { readonly mediaType: string; readonly digest: string; readonly size: number } => ({
  mediaType,
  digest: sha256(content),
  size: content.length,
});
const tag = (name: string): { readonly kind: 'tag'; readonly tag: string } => ({ kind: 'tag', tag: name });

void test('a layout is made, with the bytes that Go writes', async () => {
  using root = temporaryDirectory();
  const dir = join(root.path, 'a/b');
  const platform = { architecture: 'amd64', os: 'linux' };
  await addToLayoutIndex(dir, { ...image('one'), platform }, [tag('latest')]);
  assert.equal(readFileSync(join(dir, 'oci-layout'), 'utf8'), '{"imageLayoutVersion":"1.0.0"}');
  assert.equal(
    readFileSync(join(dir, 'index.json'), 'utf8'),
    `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":"${mediaType}",` +
      `"digest":"${sha256('one')}","size":3,"annotations":{"org.opencontainers.image.ref.name":"latest"},` +
      '"platform":{"architecture":"amd64","os":"linux"}}]}',
  );
  assert.deepEqual(readdirSync(dir).sort(), ['index.json', 'oci-layout']);
});

void test('an image takes the place of its namesake, others and unknown members stay', async () => {
  using root = temporaryDirectory();
  const path = join(root.path, 'index.json');
  await addToLayoutIndex(root.path, image('one'), [tag('a')]);
  await addToLayoutIndex(root.path, image('two'), [tag('b')]);
  const index: unknown = JSON.parse(readFileSync(path, 'utf8'));
  writeFileSync(path, JSON.stringify({ ...(index as object), annotations: { mine: 'yes' } }));
  await addToLayoutIndex(root.path, image('three'), [tag('a')]);
  const manifests = await readLayoutIndex(root.path);
  assert.deepEqual(
    manifests.map(({ digest }) => digest),
    [sha256('two'), sha256('three')],
  );
  assert.match(readFileSync(path, 'utf8'), /"annotations":\{"mine":"yes"\}\}?/);
  assert.equal(findByName(manifests, 'a')?.digest, sha256('three'));
  assert.equal(findByName(manifests, 'c'), undefined);
  assert.equal(findByName(manifests, 'constructor'), undefined);
});

void test('images are found by name and by tag', async () => {
  using root = temporaryDirectory();
  const name = 'docker.io/library/app:1.0';
  await addToLayoutIndex(root.path, image('tagged'), [tag('1.0')]);
  await addToLayoutIndex(root.path, image('named'), [
    { kind: 'image', name },
    { kind: 'image', name: 'host:5000/x:2' },
  ]);
  const manifests = await readLayoutIndex(root.path);
  assert.equal(findByName(manifests, name)?.digest, sha256('named'));
  assert.equal(findByName(manifests, '1.0')?.digest, sha256('tagged'));
  assert.equal(findByName(manifests, '2')?.digest, sha256('named'));
});

void test('writers wait for each other, and for nobody who died', async () => {
  using root = temporaryDirectory();
  writeFileSync(join(root.path, 'index.json.lock'), '');
  const names = Array.from({ length: 10 }, (_, i) => `tag${i}`);
  await Promise.all(names.map((name) => addToLayoutIndex(root.path, image(name), [tag(name)])));
  assert.equal((await readLayoutIndex(root.path)).length, names.length);
  assert.deepEqual(readdirSync(root.path).sort(), ['index.json', 'oci-layout']);
});

void test('what is no index is told with its path', async () => {
  using root = temporaryDirectory();
  const path = join(root.path, 'index.json');
  await assert.rejects(readLayoutIndex(root.path), {
    code: 'NOT_FOUND',
    message: `could not read ${path}: open ${path}: no such file or directory`,
  });
  for (const text of [
    '{',
    '[]',
    '{"manifests":[{"digest":"sha256:../x","size":1}]}',
    `{"manifests":[{"digest":"${sha256('')}"}]}`,
  ]) {
    writeFileSync(path, text);
    await assert.rejects(readLayoutIndex(root.path), { name: 'TsbuildxError' });
  }
  await assert.rejects(addToLayoutIndex(root.path, { digest: 'x' }, [tag('a')]), { code: 'INVALID_ARGUMENT' });
});
