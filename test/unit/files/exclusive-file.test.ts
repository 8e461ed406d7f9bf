import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { holdExclusively } from '../../../src/files/exclusive-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbuildx-held-'));
after(() => rmSync(dir, { recursive: true }));

const { signal } = new AbortController();

function left(name: string): void {
  writeFileSync(join(dir, name), '');
  utimesSync(join(dir, name), 0, 0);
}

test('one at a time, and nobody waits for who died', async () => {
  left('lock');
  left('lock.stale'); // who died was removing the lock of somebody who died
  let holders = 0;
  await Promise.all(
    Array.from({ length: 5 }, async () => {
      await using _ = await holdExclusively(join(dir, 'lock'), { signal });
      assert.equal(++holders, 1);
      await new Promise(setImmediate);
      holders--;
    }),
  );
  assert.deepEqual(readdirSync(dir), []);
});
