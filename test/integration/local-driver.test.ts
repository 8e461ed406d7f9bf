// The local driver, as people use it: a daemon of this machine that is started by who needs it first.
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { freshBinary } from '../../scripts/build/fresh-binary.ts';
import { createContext } from '../support/cli.ts';
import { type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';
import { type LocalPrograms, localPrograms } from '../support/local-programs.ts';

let binary: string;
let engine: TestEngine;
let programs: LocalPrograms;
let dir: string;
let starts: string;

before(async () => {
  binary = await freshBinary();
  engine = await useEngine();
  programs = await localPrograms(engine);
  dir = await mkdtemp(join(tmpdir(), 'tsbx-local-'));
  starts = join(dir, 'starts');
});
after(async () => {
  for (const name of ['mine', 'broken']) await run(['rm', '--force', name]);
  await programs?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
  await engine?.[Symbol.asyncDispose]();
});

/** Without any engine. */
async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return await runProgram(binary, args, {
    env: {
      DOCKER_CONFIG: dir,
      DOCKER_HOST: `unix://${dir}/none.sock`,
      BUILDX_BUILDER: undefined,
      FAKE_BUILDKITD_STARTS: starts,
      ...programs.env,
      ...env,
    },
  });
}

async function succeed(args: readonly string[]): Promise<string> {
  const { code, stdout, stderr } = await run(args);
  assert.equal(code, 0, stderr);
  return stderr + stdout;
}

const state = async (): Promise<string> => /^Status: +(.*)$/m.exec(await succeed(['inspect', 'mine']))?.[1] ?? '';

test('a daemon is started once by all who want it, stays, stops, starts and goes', async () => {
  await using context = await createContext({ Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
  const config = join(dir, 'buildkitd.toml');
  await writeFile(join(dir, 'ca.pem'), 'ca');
  await writeFile(config, `debug = true\n[registry."reg.test"]\nca = ["${dir}/ca.pem"]\n`);
  await succeed(['create', '--name', 'mine', '--driver', 'local', '--buildkitd-config', config]);
  assert.equal(await state(), 'inactive');

  const build = ['build', '--builder', 'mine', '-o', 'type=cacheonly', context.dir];
  const outputs = await Promise.all([1, 2, 3].map(() => succeed(build)));
  assert.match(
    outputs.join(''),
    /^#0 building with "mine" instance using local driver\n\n#1 \[internal\] booting buildkit\n#1 starting \S+buildkitd/m,
  );
  assert.equal(await state(), 'running');
  assert.doesNotMatch(await succeed(build), /booting/);
  const place = join(dir, 'buildx/local/mine0');
  if (!programs.isReal) {
    const sockets = `--addr unix://${place}/buildkitd.sock --otel-socket-path ${place}/otel-grpc.sock`;
    const args = `--root ${place}/root ${sockets} --config ${place}/config/buildkitd.toml\n`;
    assert.equal(await readFile(starts, 'utf8'), args);
  }
  assert.match(
    await readFile(join(place, 'config/buildkitd.toml'), 'utf8'),
    new RegExp(`^ca = \\['${place}/config/certs/reg\\.test/ca\\.pem'\\]$`, 'm'),
  );
  assert.equal(await readFile(join(place, 'config/certs/reg.test/ca.pem'), 'utf8'), 'ca');

  await succeed(['stop', 'mine']);
  assert.equal(await state(), 'stopped');
  await succeed(['stop', 'mine']);
  assert.match(await succeed(['inspect', '--bootstrap', 'mine']), /^#1 starting \S+buildkitd[^]*^Status: +running$/m);
  await succeed(['rm', 'mine']);
  assert.deepEqual(await readdir(join(dir, 'buildx/local')), []);
});

test('a daemon that ends at once is told with its own words', async () => {
  await succeed(['create', '--name', 'broken', '--driver', 'local', '--buildkitd-flags', '--nonsense']);
  const { code, stderr } = await run(['inspect', '--bootstrap', 'broken']);
  assert.equal(code, 1);
  assert.match(stderr, /^#1 [\d.]+ .*flag provided but not defined: -nonsense$/m);
  assert.match(
    stderr,
    /ERROR: buildkitd ended with exit code 1: what it wrote is above, and in .*broken0\/buildkitd\.log\n$/,
  );
});

test('a state directory whose path is too long for sockets is refused', async () => {
  const env = { BUILDX_CONFIG: join(dir, 'l'.repeat(100)) };
  await run(['create', '--name', 'long', '--driver', 'local'], env);
  const { code, stderr } = await run(['inspect', '--bootstrap', 'long'], env);
  assert.equal(code, 1);
  assert.match(
    stderr,
    /would have paths of \d+ bytes, and the system takes 107: set BUILDX_CONFIG to a directory with/,
  );
});

test('what is missing is named', async () => {
  const { code, stderr } = await run(['inspect', '--bootstrap', 'broken'], { PATH: join(dir, 'empty') });
  assert.equal(code, 1);
  assert.match(
    stderr,
    /the local driver cannot run a daemon here:\n- buildkitd is not on PATH .*\n- neither buildkit-runc nor runc /,
  );
});
