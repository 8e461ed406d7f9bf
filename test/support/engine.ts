// The engine that integration and peer tests build on, and the programs they run against it.
import { execFile } from 'node:child_process';
import { importBaseImage } from '../../scripts/engine/base-image.ts';
import { buildxPeer, dockerCli, type EngineSuite } from '../../scripts/engine/bundles.ts';
import { type EngineSettings, startEngine as startRawEngine } from '../../scripts/engine/dockerd.ts';

/** How a program ended. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd?: string | undefined;
  readonly env?: Readonly<Record<string, string | undefined>> | undefined;
  readonly stdin?: string | NodeJS.ReadableStream | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Runs a program to its end; an exit code other than 0 is a result, not a failure. Only a missing program rejects. */
export async function runProgram(program: string, args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return await new Promise((resolve, reject) => {
    const settings = {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      signal: options.signal,
      maxBuffer: 1 << 30,
    };
    const child = execFile(program, [...args], settings, (error, stdout, stderr) => {
      if (error !== null && child.exitCode === null && child.signalCode === null) reject(error);
      else resolve({ code: child.exitCode, stdout, stderr });
    });
    // a program that ends without reading its input breaks the pipe; its exit code tells the story
    child.stdin?.on('error', () => undefined);
    if (options.stdin === undefined || typeof options.stdin === 'string') child.stdin?.end(options.stdin ?? '');
    else if (child.stdin !== null) options.stdin.pipe(child.stdin);
  });
}

/** An engine for tests. */
export interface TestEngine extends AsyncDisposable {
  /** For `DOCKER_HOST` and `DockerOptions.host`. */
  readonly host: string;
  /** Path of its unix socket. */
  readonly socket: string;
  /** Ends it at once, as a crash would. Only for engines of `startEngine`. */
  crash(): void;
  /** Runs the docker CLI against it. */
  docker(args: readonly string[], options?: RunOptions): Promise<Ran>;
  /** Runs Go's buildx against it, standalone: `buildx(['build', …])`. */
  buildx(args: readonly string[], options?: RunOptions): Promise<Ran>;
}

/** Name of an image with busybox and /bin/sh that every test engine has. */
export const baseImage = 'tsbuildx-test/base:latest';

/** The shared engine when `scripts/engine.ts run` gave one, else one of its own. Dispose it when done. */
export async function useEngine(): Promise<TestEngine> {
  const shared = process.env['TSBUILDX_TEST_ENGINE'];
  if (shared === undefined) return await startEngine();
  const engine = wrap(shared, () => {
    throw new Error('a shared engine must not be crashed: use startEngine');
  });
  await loadBase(engine);
  return engine;
}

/** An engine of its own, for tests that kill it, need an empty one or an older one. */
export async function startEngine(suite: EngineSuite = 'forky', settings: EngineSettings = {}): Promise<TestEngine> {
  const raw = await startRawEngine(suite, settings);
  const engine = wrap(
    raw.host,
    () => process.kill(raw.pid, 'SIGTERM'),
    async () => await raw[Symbol.asyncDispose](),
  );
  await loadBase(engine);
  return engine;
}

function wrap(host: string, crash: () => void, dispose: () => Promise<void> = async () => undefined): TestEngine {
  const withHost = (options: RunOptions = {}): RunOptions => ({
    ...options,
    env: { DOCKER_HOST: host, DOCKER_CONTEXT: undefined, ...options.env },
  });
  return {
    host,
    socket: host.replace('unix://', ''),
    crash,
    docker: async (args, options) => await runProgram(await dockerCli(), args, withHost(options)),
    buildx: async (args, options) => await runProgram(await buildxPeer(), args, withHost(options)),
    [Symbol.asyncDispose]: dispose,
  };
}

async function loadBase(engine: TestEngine): Promise<void> {
  const present = await engine.docker(['image', 'inspect', '-f', 'ok', baseImage]);
  if (present.code !== 0) await importBaseImage(engine.socket, baseImage.replace(':latest', ''));
}
