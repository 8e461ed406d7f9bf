import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { placeOf } from '../../../../../src/builder/drivers/local/place.ts';
import { startDaemon } from '../../../../../src/builder/drivers/local/start.ts';
import { temporaryDirectory } from '../../../../support/trees.ts';

test('a daemon whose number cannot be written down does not stay', async () => {
  using root = temporaryDirectory();
  for (const name of ['buildkitd', 'runc']) {
    writeFileSync(join(root.path, name), `#!/bin/sh\necho $$ > ${root.path}/pid\nexec sleep 1000\n`, { mode: 0o755 });
  }
  const place = placeOf(join(root.path, 'state'), 'mine');
  mkdirSync(place.pidFile, { recursive: true });
  const options = { env: {}, defaultLoad: false };
  const started = startDaemon(
    { place, options, flags: [], files: {} },
    {
      env: { PATH: `${root.path}:${process.env['PATH'] ?? ''}` },
      tell: { part: async (_, work) => await work(), log: () => undefined },
      isRunning: async () => false,
      untilAnswering: async () => assert.fail('nobody waits for it'),
      signal: new AbortController().signal,
    },
  );
  await assert.rejects(started, { code: 'IO', message: /cannot write .*buildkitd\.pid: / });
  while (isRunning()) await delay(10);

  /** It may have been killed before it could tell its number. */
  function isRunning(): boolean {
    try {
      const pid = readFileSync(join(root.path, 'pid'), 'utf8').trim();
      return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  }
});
