// Both programs show byte for byte the same of what a daemon tells, whatever that is and whenever it comes.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import type { SolveStatus } from '../../src/buildkit/control/index.ts';
import { createContext } from '../support/cli.ts';
import { runProgram } from '../support/engine.ts';
import { at, log, packet, steps, transfer, vertex } from '../support/progress-status.ts';
import { mainProgram } from '../support/running.ts';
import { startScriptedDaemon, type Told } from '../support/scripted-daemon.ts';

/** Seconds after the start, and what is told then. The daemon's clock is of another year than the client's. */
type Script = readonly (readonly [seconds: number, status: SolveStatus])[];

const group = { id: 'g', name: '[2/2] COPY --link', weak: true };
const strong = { ...group, weak: false };

const scripts: Readonly<Record<string, Script>> = {
  'lines without end, carriage returns, empty lines, bytes that are no text': [
    [0, steps(vertex('a', 0))],
    [0.3, log('a', 0.3, 'one\ntw')],
    [0.6, log('a', 0.6, 'o\n\n\nthree\r\n10%\r99%\n')],
    [0.9, log('a', 0.9, Buffer.from([0xe6, 0x97]))],
    [1.2, log('a', 1.2, Buffer.from([0xa5, 0xff, 0x0a, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0x78]))],
    [1.5, log('a', 1.5, '[output clipped, log limit 2MiB reached]')],
    [1.8, steps(vertex('a', 0, 1.75))],
    [2.1, steps(vertex('b', 1, 2))],
  ],
  'steps that end within one packet, before they began, and out of order': [
    [0, steps(vertex('a', 0), vertex('b', 0, 0.04), vertex('c', 3, 1), vertex('d', 0.01, 0.02, { cached: true }))],
    [0.3, packet({ ...log('a', -1.5, 'early\n'), vertexes: [vertex('e', -2, -1.75)] })],
    [0.6, packet({ ...log('a', 9.9996, 'x\n'), vertexes: [vertex('a', 0, 100.05)] })],
    [0.9, log('a', 99.996, 'late\n')],
    [1.2, steps(vertex('a', 0, 100.05), vertex('a', 200, 200.25))],
  ],
  'steps that go on at the same time': [
    [0, steps(vertex('a', 0), vertex('b'), vertex('c'))],
    [0.3, packet({ ...log('a', 0.3, 'a1\n'), vertexes: [vertex('b', 0.3)] })],
    [0.6, packet({ logs: [...log('a', 0.6, 'a2\n').logs, ...log('b', 0.6, 'b1').logs, ...log('a', 0.6, 'a3').logs] })],
    [0.9, packet({ ...log('b', 0.9, '+\n'), vertexes: [vertex('c', 0.8, 0.9)] })],
    [1.2, packet({ ...log('a', 1.2, '!\n'), vertexes: [vertex('b', 0.3, 1.2)] })],
    [1.5, steps(vertex('a', 0, 1.5, { error: 'rpc: context canceled' }))],
  ],
  'a step that fails': [
    [0, steps(vertex('a', 0))],
    [0.3, log('a', 0.3, Array.from({ length: 12 }, (_, i) => `line ${i}\n`).join(''))],
    [0.6, log('a', 0.6, 'the last one\n')],
    [0.9, steps(vertex('a', 0, 0.9, { error: 'process "/bin/sh -c x" did not complete: exit code: 7' }))],
  ],
  'transfers and warnings': [
    [0, steps(vertex('a', 0))],
    [0.3, transfer('a', 'sha256:1', 0.3, 0, { total: 39_841_000n })],
    [0.6, transfer('a', 'sha256:1', 0.6, 1_000_000, { total: 39_841_000n })],
    [0.9, transfer('a', 'sha256:1', 0.9, 5_999, { total: 0n })],
    [1.2, transfer('a', 'sha256:1', 6, 20_000_000, { total: 39_841_000n })],
    [1.5, transfer('a', 'sha256:1', 7, 39_841_000, { total: 39_841_000n, completed: at(7.25) })],
    [1.6, transfer('a', 'extract', 8, 0, { started: at(8), completed: at(8.005) })],
    [1.8, packet({ warnings: [{ vertex: 'a', level: 1, short: Buffer.from('Odd: 1'), detail: [], range: [] }] })],
    [2.1, transfer('a', 'open', 8, 5)],
    [2.4, steps(vertex('a', 0, 9))],
    [2.7, transfer('a', 'open', 10, 6, { completed: at(10) })],
  ],
  'a group': [
    [0, steps(vertex('w', 0, 0.1, { progressGroup: group }))],
    [0.3, steps(vertex('a', 0.3, 0.4))],
    [0.6, steps(vertex('s', 0.6, undefined, { progressGroup: strong }))],
    [0.9, log('s', 0.9, 'from a member\n')],
    [1.2, steps(vertex('s', 0.6, 1.35, { progressGroup: strong }))],
  ],
};

let context: AsyncDisposable & { readonly dir: string };
before(async () => {
  context = await createContext({ Dockerfile: 'FROM scratch\n' });
});
after(async () => await context[Symbol.asyncDispose]());

/** What each program writes for a script. */
async function showBoth(script: Script, mode: string): Promise<readonly string[]> {
  await using daemon = await startScriptedDaemon();
  daemon.script = script.map(([seconds, status]): Told => ({ afterMs: seconds * 1000, status }));
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-scripted-'));
  try {
    await writeFile(join(dir, 'config.json'), '{}');
    const env = {
      DOCKER_CONFIG: dir,
      BUILDX_CONFIG: undefined,
      BUILDX_BUILDER: undefined,
      NO_COLOR: undefined,
      DOCKER_HOST: `unix://${dir}/none`,
    };
    const theirs = await buildxPeer();
    const created = await runProgram(theirs, ['create', '--name', 'scripted', '--driver', 'remote', daemon.address], {
      env,
    });
    assert.equal(created.code, 0, created.stderr);
    const words = ['build', '--builder=scripted', `--progress=${mode}`, '--output=type=cacheonly', context.dir];
    const ran = await Promise.all([
      runProgram(theirs, words, { env }),
      runProgram(process.execPath, [mainProgram, ...words], { env }),
    ]);
    return ran.map(({ stderr }) => (mode === 'rawjson' ? fromFirst(stderr) : stderr));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** With times as nanoseconds after the first that is told. */
function fromFirst(text: string): string {
  let first: bigint | undefined;
  return text.replace(/"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d+))?Z"/g, (_, seconds: string, fraction = '') => {
    const time = BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(String(fraction).padEnd(9, '0'));
    return `"${time - (first ??= time)}"`;
  });
}

for (const mode of ['plain', 'rawjson'] as const) {
  describe(`scripted progress, ${mode}`, { concurrency: true }, () => {
    for (const [name, script] of Object.entries(scripts)) {
      it(name, async () => {
        const [theirs, ours] = await showBoth(script, mode);
        assert.equal(ours, theirs);
      });
    }
  });
}
