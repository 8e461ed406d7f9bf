// Starts and stops engines of our own: a private socket, a private bridge, private data, gone when they are stopped.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type EngineSuite, engineBundle } from './bundles.ts';

/** A running engine. Disposing stops it and removes its data. */
export interface Engine extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  readonly socket: string;
  /** dockerd's log. */
  readonly log: string;
  /** Process id of the supervisor. SIGKILL to it ends the engine at once, as a crash would. */
  readonly pid: number;
}

const supervisor = join(import.meta.dirname, 'supervisor.ts');

/** More of daemon.json. */
export type EngineSettings = Readonly<Record<string, unknown>>;

/** Starts an engine that lives as long as this process does, at most. Takes about half a second. */
export async function startEngine(suite: EngineSuite = 'forky', settings: EngineSettings = {}): Promise<Engine> {
  const programs = await prepare(suite);
  // a short path: the name of a unix socket holds 107 bytes
  const work = await mkdtemp(join(tmpdir(), 'tsbx-'));
  const child = spawn(process.execPath, [supervisor, programs, work], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
    // the store that the engine has by default, or will have
    env: {
      ...process.env,
      ENGINE_IMAGE_STORE: suite === 'forky' ? 'containerd' : 'graph',
      ENGINE_SETTINGS: JSON.stringify(settings),
    },
  });
  const started = await untilReady(child, work);
  child.unref();
  unrefStreams(child);
  return {
    ...started,
    async [Symbol.asyncDispose](): Promise<void> {
      const closed = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.ref();
      child.stdin?.end();
      await closed;
      await rm(work, { recursive: true, force: true });
    },
  };
}

/** Starts an engine that stays after this process; `stopDetached` ends it. */
export async function startDetached(dir: string): Promise<Engine['host']> {
  const work = resolve(dir);
  const programs = await prepare();
  await mkdir(work, { recursive: true });
  const stderr = openSync(join(work, 'supervisor.log'), 'w');
  const child = spawn(process.execPath, [supervisor, programs, work], {
    stdio: ['ignore', 'pipe', stderr],
    detached: true,
    env: { ...process.env, ENGINE_DETACHED: '1' },
  });
  closeSync(stderr);
  const { host, pid } = await untilReady(child, work);
  await writeFile(join(work, 'supervisor.pid'), String(pid));
  child.unref();
  child.stdout?.destroy();
  return host;
}

export async function stopDetached(dir: string): Promise<void> {
  const work = resolve(dir);
  const pid = Number(await readFile(join(work, 'supervisor.pid'), 'utf8'));
  process.kill(pid, 'SIGTERM');
  while (isAlive(pid)) await new Promise((done) => setTimeout(done, 50));
  await rm(join(work, 'supervisor.pid'), { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function prepare(suite: EngineSuite = 'forky'): Promise<string> {
  if (process.platform !== 'linux')
    throw new Error('the embedded engine runs on Linux only. Start Docker and try again, or set DOCKER_HOST');
  if (process.getuid?.() !== 0)
    throw new Error(
      'the embedded engine needs root. Try: sudo -E env "PATH=$PATH" ./scripts/demo   (or set DOCKER_HOST to an engine that runs)',
    );
  return await engineBundle(suite);
}

async function untilReady(
  child: ChildProcess,
  work: string,
): Promise<{ host: string; socket: string; log: string; pid: number }> {
  const ready = await new Promise<boolean>((done) => {
    child.stdout?.once('data', () => done(true));
    child.once('exit', () => done(false));
  });
  if (!ready || child.pid === undefined)
    throw new Error('the embedded engine did not start: its last log lines stand above');
  const socket = join(work, 'docker.sock');
  return { host: `unix://${socket}`, socket, log: join(work, 'dockerd.log'), pid: child.pid };
}

/** The supervisor must not keep its parent alive. */
function unrefStreams(child: ChildProcess): void {
  for (const stream of [child.stdin, child.stdout]) {
    if (stream !== null && 'unref' in stream && typeof stream.unref === 'function') stream.unref();
  }
}
