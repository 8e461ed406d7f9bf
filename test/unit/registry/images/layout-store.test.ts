import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { layoutStore } from '../../../../src/registry/images/layout-store.ts';

const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-layout-'));
after(async () => await rm(dir, { recursive: true }));
const { signal } = new AbortController();

test('pieces of a large blob stay what they are when the next is read', async () => {
  const data = randomBytes((2 << 20) + 1);
  const hex = createHash('sha256').update(data).digest('hex');
  await mkdir(join(dir, 'blobs/sha256'), { recursive: true });
  await writeFile(join(dir, 'blobs/sha256', hex), data);
  const pieces: Uint8Array[] = [];
  const blob = { mediaType: 'application/octet-stream', digest: `sha256:${hex}`, size: data.length };
  for await (const piece of layoutStore(dir).read(blob, { signal })) pieces.push(piece);
  assert.ok(pieces.length > 1);
  assert.ok(Buffer.concat(pieces).equals(data));
});
