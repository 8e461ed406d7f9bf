import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type FileHandle, mkdir, open, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf, TsbuildxError, wrap } from '../../../base/errors.ts';
import { findProgram, lockFile, makeDirectories } from '../../../files/index.ts';
import { CONFIG_FILE, relocateConfig } from '../daemon-config.ts';
import type { BootOptions, BootTeller } from '../driver.ts';
import { runningPid, writePid } from './daemon-process.ts';
import type { LocalOptions } from './options.ts';
import type { Place } from './place.ts';
import { daemonCommand, thisMachine } from './programs.ts';

/** The daemon that a node of a builder is. */
export interface LocalNode {
  readonly place: Place;
  readonly options: LocalOptions;
  /** Arguments of its buildkitd. */
  readonly flags: readonly string[];
  /** Below its directory of configuration. */
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface StartContext extends BootOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Whether the daemon answers already. */
  readonly isRunning: () => Promise<boolean>;
  /** Resolves when it answers; `isOver` tells that it has ended. */
  readonly untilAnswering: (isOver: () => Promise<boolean>) => Promise<void>;
}

/** Bytes that Linux takes. */
const MAX_SOCKET_PATH = 107;
/** Bytes of what the daemon wrote that are shown when it does not start. */
const LOG_TAIL = 16 << 10;

/**
 * Starts the daemon, once among all that want it, and leaves it running.
 * Rejects with UNSUPPORTED (what is missing), TRANSPORT (it does not answer), INVALID_ARGUMENT (its configuration), IO,
 * CANCELED.
 */
export async function startDaemon(node: LocalNode, context: StartContext): Promise<void> {
  const { place, options, flags } = node;
  const command = daemonCommand(thisMachine((program) => findProgram(program, context.env)));
  refuseLongPaths(place);
  makeDirectories(dirname(place.lock), 0o700);
  await using _ = await lockFile(place.lock, context);
  if (await context.isRunning()) return;
  if ((await runningPid(place)) !== undefined) {
    await context.tell.part('waiting for buildkitd', () =>
      context.untilAnswering(async () => (await runningPid(place)) === undefined),
    );
    return;
  }
  await context.tell.part(`starting ${[...command, ...flags].join(' ')}`, async () => {
    const config = await writeConfig(node);
    const sockets = ['--addr', `unix://${place.socket}`, '--otel-socket-path', place.otelSocket];
    const args = ['--root', place.root, ...sockets, ...config, ...flags];
    await using log = await openLog(place);
    const env = { ...context.env, ...options.env };
    const child = await launch([...command, ...args], { cwd: place.dir, env, log });
    await noteProcess(place, child);
    try {
      await context.untilAnswering(async () => endOf(child) !== undefined);
    } catch (error) {
      if (context.signal.aborted) throw error;
      await showLog(log, context.tell);
      const end = endOf(child);
      if (end === undefined) throw error;
      const text = `buildkitd ended ${end}: what it wrote is above, and in ${place.log}`;
      throw new TsbuildxError('TRANSPORT', text, { cause: error });
    }
  });
}

function refuseLongPaths({ dir, socket, otelSocket }: Place): void {
  const longest = Math.max(...[socket, otelSocket].map((path) => Buffer.byteLength(path)));
  if (longest <= MAX_SOCKET_PATH) return;
  throw new TsbuildxError(
    'UNSUPPORTED',
    `the sockets of a daemon in ${dir} would have paths of ${longest} bytes, and the system takes ${MAX_SOCKET_PATH}: ` +
      'set BUILDX_CONFIG to a directory with a shorter path',
  );
}

/** Gives the arguments that name the configuration. */
async function writeConfig({ place, files }: LocalNode): Promise<readonly string[]> {
  await rm(place.config, { recursive: true, force: true });
  for (const [name, data] of Object.entries(await relocateConfig(files, place.config))) {
    const path = join(place.config, name);
    if (!path.startsWith(`${place.config}/`)) {
      throw new TsbuildxError('INVALID_ARGUMENT', `invalid config file path ${JSON.stringify(name)}`);
    }
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, data, { mode: 0o600 });
  }
  return CONFIG_FILE in files ? ['--config', join(place.config, CONFIG_FILE)] : [];
}

async function openLog({ dir, log }: Place): Promise<FileHandle> {
  try {
    makeDirectories(dir, 0o700);
    return await open(log, 'w+', 0o600);
  } catch (error) {
    throw wrap('IO', 'cannot write the log of the daemon', error);
  }
}

interface Launched {
  readonly process: ChildProcess;
  readonly pid: number;
}

/** The process is nobody's child when this one ends. */
async function launch(
  [program = '', ...args]: readonly string[],
  { cwd, env, log }: { cwd: string; env: Readonly<Record<string, string | undefined>>; log: FileHandle },
): Promise<Launched> {
  const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log.fd, log.fd] });
  try {
    await once(child, 'spawn');
  } catch (error) {
    throw wrap('IO', `cannot run ${program}`, error);
  }
  child.unref();
  if (child.pid === undefined) throw new TsbuildxError('IO', `cannot run ${program}`);
  return { process: child, pid: child.pid };
}

/** A daemon that nobody could stop later does not stay. */
async function noteProcess(place: Place, { process: child, pid }: Launched): Promise<void> {
  try {
    await writePid(place, pid);
  } catch (error) {
    child.kill('SIGKILL');
    throw wrap('IO', `cannot write ${place.pidFile}`, error);
  }
}

/** How the process ended; undefined while it runs. */
function endOf({ process: { exitCode, signalCode } }: Launched): string | undefined {
  if (signalCode !== null) return `by ${signalCode}`;
  return exitCode === null ? undefined : `with exit code ${exitCode}`;
}

async function showLog(log: FileHandle, tell: BootTeller): Promise<void> {
  try {
    const { size } = await log.stat();
    const { buffer, bytesRead } = await log.read(Buffer.alloc(LOG_TAIL), 0, LOG_TAIL, Math.max(0, size - LOG_TAIL));
    tell.log(2, buffer.subarray(0, bytesRead));
  } catch (error) {
    tell.log(2, Buffer.from(`its log cannot be read: ${messageOf(error)}\n`));
  }
}
