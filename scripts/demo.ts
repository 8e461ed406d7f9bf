// The demonstration: binary, plugin, an engine, a build through the real docker CLI, the image run.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { freshBinary } from './build/fresh-binary.ts';
import { busyboxRootfs, dockerCli } from './engine/bundles.ts';
import { startEngine } from './engine/dockerd.ts';

const root = join(import.meta.dirname, '..');
const base = 'tsbuildx-demo/base';
const image = 'tsbuildx-demo/hello';

type Env = Readonly<Record<string, string | undefined>>;

function say(text: string): void {
  console.log(`\n== ${text}`);
}

function run(program: string, args: readonly string[], env: Env, input?: number | 'ignore'): void {
  console.log(`$ ${[program.split('/').at(-1), ...args].join(' ')}`);
  const { status } = spawnSync(program, args, {
    env: { ...process.env, ...env },
    stdio: [input ?? 'ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error(`${program} ended with ${status}`);
}

/** Version of the engine that docker reaches; undefined without one. */
function reachableEngine(docker: string): string | undefined {
  const { status, stdout } = spawnSync(docker, ['version', '--format', '{{.Server.Version}}'], { encoding: 'utf8' });
  return status === 0 && stdout.trim() !== '' ? stdout.trim() : undefined;
}

/** The image that the example starts from: Debian's busybox, so that no registry is needed. */
async function importBase(docker: string, env: Env): Promise<void> {
  const { tar } = await busyboxRootfs();
  run(docker, ['import', '--change', 'ENV PATH=/bin:/usr/bin', tar, base], env);
}

async function demo(): Promise<void> {
  say('The binary and the plugin');
  await freshBinary();
  execFileSync(join(root, 'scripts/install'), { stdio: 'inherit' });
  const docker = await dockerCli();

  const version = reachableEngine(docker);
  await using engine = version === undefined ? await startEngine() : undefined;
  say(
    version === undefined
      ? 'An engine from Debian packages, for this demonstration only'
      : `The engine that runs here: ${version}`,
  );
  // the docker CLI itself looks for plugins beside config.json
  const env = {
    PATH: `${dirname(docker)}${delimiter}${process.env['PATH']}`,
    ...(engine === undefined ? {} : { DOCKER_HOST: engine.host }),
  };
  const hasDebian = existsSync('/usr/bin/apt-get');
  if (hasDebian) await importBase(docker, env);

  say('The build');
  const options = ['-t', image, ...(hasDebian ? ['--build-arg', `BASE=${base}`] : [])];
  run(docker, ['tsbuildx', 'build', '--progress', 'plain', ...options, join(root, 'examples/hello')], env);

  say('The image, run');
  run(docker, ['run', '--rm', '--network', 'none', image], env);
}

try {
  await demo();
} catch (error) {
  console.error(`ERROR: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
