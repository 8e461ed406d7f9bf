import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BuildEvent, build } from '../../../src/index.ts';
import { createContext } from '../../support/cli.ts';
import { log, steps, vertex } from '../../support/progress-status.ts';
import { startScriptedDaemon } from '../../support/scripted-daemon.ts';

test('a daemon is read no faster than its news are taken', async () => {
  await using context = await createContext({ Dockerfile: 'FROM scratch\n', 'config.json': '{}' });
  await using daemon = await startScriptedDaemon();
  const packets = 1000;
  const line = `${'x'.repeat(20_000)}\n`;
  daemon.script = [
    { afterMs: 0, status: steps(vertex('a', 0)) },
    ...Array.from({ length: packets }, () => ({ afterMs: 0, status: log('a', 0, line) })),
  ];
  const waiting = Promise.withResolvers<void>();
  const seen = { lines: 0 };
  const onEvent = (event: BuildEvent): Promise<void> | undefined => {
    if (event.kind !== 'status') return undefined;
    seen.lines += event.status.logs.length;
    if (seen.lines === 0) return undefined;
    return waiting.promise;
  };
  const building = build(
    { context: { kind: 'local', path: context.dir }, builder: daemon.address, docker: { configDir: context.dir } },
    { onEvent },
  );
  while (daemon.told < 10) await new Promise(setImmediate);
  // what the windows of the connection hold has left the daemon, nothing more
  let before = -1;
  while (before !== daemon.told) {
    before = daemon.told;
    for (let turn = 0; turn < 200; turn++) await new Promise(setImmediate);
  }
  assert.equal(seen.lines, 1);
  assert.ok(daemon.told < packets / 2, `${daemon.told} packets were read`);
  waiting.resolve();
  await assert.rejects(building, /the script has ended/);
  assert.equal(seen.lines, packets);
});
