// What a build shows beyond buildx's ways, and to readers that are slow or gone.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createContext } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { mainProgram } from '../support/running.ts';

let engine: TestEngine;
let config: AsyncDisposable & { readonly dir: string };
before(async () => {
  engine = await useEngine();
  config = await createContext({ 'config.json': '{}' });
});
after(async () => {
  await engine[Symbol.asyncDispose]();
  await config[Symbol.asyncDispose]();
});

const flags = ['build', '--no-cache', '--output', 'type=cacheonly'];

function environment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env, DOCKER_HOST: engine.host, DOCKER_CONFIG: config.dir, DOCKER_CONTEXT: undefined };
}

async function build(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const clean = { GITHUB_ACTIONS: undefined, GITLAB_CI: undefined, ...environment(), ...env };
  return await runProgram(process.execPath, [mainProgram, ...flags, ...args], { env: clean });
}

/** The last stage needs the others, the first of which takes longer than the second. */
const stages = `FROM ${baseImage} AS slow
RUN sleep 0.6; echo slow one
RUN printf 'slow \\377two'
FROM ${baseImage} AS quick
RUN echo quick
FROM scratch
COPY --from=slow /etc/passwd /slow
COPY --from=quick /etc/passwd /quick
`;

test('grouped progress is in the order of the Dockerfile, folded for CI, with the logs of steps in files', async () => {
  await using context = await createContext({ Dockerfile: stages });
  const logDir = join(context.dir, 'logs');
  const args = ['--progress=grouped', '--log-dir', logDir, context.dir];
  const { code, stderr } = await build(args, { GITHUB_ACTIONS: 'true' });
  assert.equal(code, 0, stderr);
  const named = [...stderr.matchAll(/^(?:::group::)?#\d+ \[(slow|quick|stage-2) (\d)\/\d\] (?:RUN|COPY)/gm)];
  const order = named.map(([, stage, number]) => `${stage} ${number}`);
  const ofStage = (stage: string): readonly string[] => order.filter((step) => step.startsWith(stage));
  assert.deepEqual(ofStage('slow'), ['slow 2', 'slow 3']);
  assert.deepEqual(order.slice(-2), ['stage-2 1', 'stage-2 2']);
  assert.ok(Math.abs(order.indexOf('slow 2') - order.indexOf('slow 3')) === 1, order.join(', '));
  assert.match(stderr, /^::group::#\d+ \[slow 2\/3\] RUN .* DONE \d\.\ds\n#\d+ \d\.\d+ slow one\n::endgroup::$/m);
  const files = readdirSync(logDir);
  const two = files.find((name) => /^\d{3}-slow-3-3-RUN-printf-slow-377two\.log$/.test(name)) ?? '';
  assert.deepEqual(readFileSync(join(logDir, two)), Buffer.from('slow \xfftwo', 'latin1'));
  assert.equal(files.length, 4, files.join(', '));
  const index = JSON.parse(readFileSync(join(logDir, 'index.json'), 'utf8')) as { name: string; file?: string }[];
  assert.ok(index.some(({ name, file }) => file === two && name.startsWith('[slow 3/3] RUN')));
});

test('a directory for logs that cannot be made is a warning', async () => {
  await using context = await createContext({ Dockerfile: stages, taken: '' });
  const { code, stderr } = await build(['--progress=plain', '--log-dir', join(context.dir, 'taken'), context.dir]);
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^WARNING: logs of steps are not complete: /m);
});

test('a reader that takes its time gets everything', async () => {
  // More than a pipe holds, less than the daemon takes of one step in a second.
  const lines = 2500;
  const noisy = (n: number): string =>
    `RUN i=0; while [ $i -lt ${lines} ]; do echo "${n} $i some text that fills the line to eighty"; i=$((i+1)); done`;
  const dockerfile = `FROM ${baseImage}\n${[1, 2, 3].map(noisy).join('\n')}\n`;
  await using context = await createContext({ Dockerfile: dockerfile });
  const words = [mainProgram, ...flags, '--progress=rawjson', context.dir];
  const child = spawn(process.execPath, words, { env: environment(), stdio: ['ignore', 'ignore', 'pipe'] });
  await delay(3000);
  const chunks: Buffer[] = [];
  child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [code] = await once(child, 'close');
  const text = Buffer.concat(chunks).toString();
  assert.equal(code, 0);
  const packets = text.trimEnd().split('\n');
  const data = packets.flatMap((line) => (JSON.parse(line) as { logs?: { data: string }[] }).logs ?? []);
  const output = data.map((log) => Buffer.from(log.data, 'base64').toString()).join('');
  for (const n of [1, 2, 3]) {
    const written = output.match(new RegExp(`^${n} \\d+ some text`, 'gm')) ?? [];
    assert.equal(written.length, lines);
  }
});
