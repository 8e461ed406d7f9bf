import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { replaceFile } from '../../../src/files/index.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbuildx-replace-'));
after(() => rmSync(dir, { recursive: true }));

test('a file takes the place of what was there', async () => {
  const path = join(dir, 'file.json');
  await replaceFile(path, 'old', 0o644);
  await replaceFile(path, 'new', 0o600);
  assert.equal(readFileSync(path, 'utf8'), 'new');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  assert.deepEqual(readdirSync(dir), ['file.json']);
});

test('where it cannot be, nothing is left behind', async () => {
  const taken = join(dir, 'taken');
  mkdirSync(taken);
  const before = readdirSync(dir);
  await assert.rejects(replaceFile(taken, 'text', 0o644), { code: 'EISDIR' });
  assert.deepEqual(readdirSync(dir), before);
});
