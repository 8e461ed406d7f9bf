// The binary, called as people call it: through the docker CLI, and by its own name.
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Ran, type RunOptions, runProgram, type TestEngine } from './engine.ts';

/** The binary under test. */
export function binaryPath(): string {
  const path = join(import.meta.dirname, '../../dist/docker-tsbuildx');
  if (!existsSync(path)) throw new Error(`${path} is not there. Make it with: npm run build`);
  return path;
}

/** Both ways to call the program, with a docker configuration of their own. */
export interface TestCli extends AsyncDisposable {
  /** Directory of config.json and of the plugins. */
  readonly configDir: string;
  /** What `DOCKER_HOST`, `DOCKER_CONFIG` and the like are set to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** `docker ARGS…`, with the plugins `tsbuildx` and `buildx`. */
  docker(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** `docker-tsbuildx ARGS…` */
  standalone(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

export async function createCli(engine: TestEngine): Promise<TestCli> {
  const configDir = await mkdtemp(join(tmpdir(), 'tsbx-config-'));
  const plugins = join(configDir, 'cli-plugins');
  await mkdir(plugins);
  for (const name of ['docker-tsbuildx', 'docker-buildx']) await symlink(binaryPath(), join(plugins, name));
  await writeFile(join(configDir, 'config.json'), '{}');
  const env = {
    DOCKER_CONFIG: configDir,
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    BUILDKIT_PROGRESS: undefined,
    DEBUG: undefined,
  };
  const withEnv = (options: RunOptions = {}): RunOptions => ({ ...options, env: { ...env, ...options.env } });
  return {
    configDir,
    env,
    docker: async (args, options) => await engine.docker(args, withEnv(options)),
    standalone: async (args, options) => await runProgram(binaryPath(), args, withEnv(options)),
    [Symbol.asyncDispose]: async () => await rm(configDir, { recursive: true, force: true }),
  };
}

/** A temporary directory with these files; removed when disposed. */
export async function createContext(
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-context-'));
  for (const [name, data] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), data);
  }
  return { dir, [Symbol.asyncDispose]: async () => await rm(dir, { recursive: true, force: true }) };
}

/** The last line of a program's stderr: what tools show as its failure. */
export function lastLine(text: string): string {
  return text.trimEnd().split('\n').at(-1) ?? '';
}
