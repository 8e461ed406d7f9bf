import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as tick } from 'node:timers/promises';
import { spawnDialer } from '../../../src/transport/index.ts';

const { signal } = new AbortController();

function shell(script: string): ReturnType<typeof spawnDialer> {
  return spawnDialer('sh', ['-c', script], { where: 'ssh://host' });
}

/** Resolves when no process has this id any more: neither running nor a zombie. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await tick();
  }
}

test('stdin and stdout of the command are the stream', async () => {
  const stream = await spawnDialer('cat', [])({ signal });
  const data = Buffer.alloc(1_000_000, 'x');
  stream.end(data);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  assert.deepEqual(Buffer.concat(chunks), data);
});

test('an exit code other than 0 is an error with the end of stderr', async () => {
  const stream = await shell('echo Host key verification failed. >&2; exit 255')({ signal });
  const [error] = await once(stream, 'error');
  assert.ok(error instanceof Error);
  assert.equal(error.message, 'connection to ssh://host lost: sh exited with 255: Host key verification failed.');
});

test('writing to a command that has ended reports why it ended', async () => {
  const stream = await shell('echo denied >&2; exit 1')({ signal });
  const writing = setInterval(() => stream.writable && stream.write('x'), 1);
  const [error] = await once(stream, 'error');
  clearInterval(writing);
  assert.match(String(error), /denied/);
});

test('a command that is not there is a TRANSPORT error', async () => {
  await assert.rejects(spawnDialer('tsbuildx-no-such-command', [], { where: 'ssh://host' })({ signal }), {
    code: 'TRANSPORT',
    message: /cannot run tsbuildx-no-such-command to connect to ssh:\/\/host/,
  });
});

test('destroying the stream ends the command', async () => {
  const stream = await shell('echo $$; exec sleep 100')({ signal });
  const [pid] = await once(stream, 'data');
  stream.destroy();
  await gone(Number(String(pid)));
});

test('a command that ignores the request to end is killed', async () => {
  const stream = await shell('trap "" TERM; echo $$; while :; do sleep 0.05; done')({ signal });
  const [pid] = await once(stream, 'data');
  const started = performance.now();
  stream.destroy();
  await gone(Number(String(pid)));
  assert.ok(performance.now() - started < 6000);
});

test('an aborted dial starts nothing', async () => {
  await assert.rejects(shell('exit 0')({ signal: AbortSignal.abort() }), { code: 'CANCELED' });
});
