import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { build } from '../../../src/build/index.ts';

const work = mkdtempSync(join(tmpdir(), 'tsbuildx-build-'));
after(() => rmSync(work, { recursive: true }));

test('a context that is missing is told at once, also when the daemon does not answer', {
  timeout: 10_000,
}, async () => {
  const path = join(work, 'docker.sock');
  const daemon = createServer((connection) => connection.on('error', () => undefined)).listen(path);
  await once(daemon, 'listening');
  try {
    const options = {
      context: { kind: 'local', path: join(work, 'none') },
      docker: { host: `unix://${path}` },
    } as const;
    const env = { HOME: work };
    await assert.rejects(build({ ...options, env }), {
      code: 'NOT_FOUND',
      message: /^failed to build: unable to prepare/,
    });
  } finally {
    daemon.close();
  }
});

test('an archive that fails while nobody reads it does not end the program', async () => {
  const stream = createReadStream(join(work, 'missing.tar'));
  const docker = { host: `unix://${join(work, 'none.sock')}` };
  await assert.rejects(build({ context: { kind: 'tar', stream }, docker, env: { HOME: work } }), /none\.sock/);
  while (stream.errored === null) await setImmediate();
});
