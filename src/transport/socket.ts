import { constants, promises as fs } from 'node:fs';
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { basename, dirname } from 'node:path';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { joinHostPort } from './address.ts';
import type { Dialer } from './dialer.ts';

/** What the kernel allows for the path of a unix socket, in bytes. */
const MAX_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;
const CONNECT_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_MS = 30_000;

/** Dials a unix socket; a path that starts with `@` is a name of Linux's abstract namespace. */
export function unixDialer(path: string): Dialer {
  const where = `unix://${path}`;
  return async ({ signal }) => {
    if (path.startsWith('@')) return await connectTo({ path: `\0${path.slice(1)}` }, where, signal);
    if (Buffer.byteLength(path) <= MAX_SOCKET_PATH) return await connectTo({ path }, where, signal);
    return await connectLongPath(path, where, signal);
  };
}

/** Dials a named pipe of Windows, `//./pipe/docker_engine`. */
export function pipeDialer(path: string): Dialer {
  return ({ signal }) => connectTo({ path: path.replaceAll('/', '\\') }, `npipe://${path}`, signal);
}

/** Dials a TCP port; gives up after 30 seconds. */
export function tcpDialer(host: string, port: number): Dialer {
  return ({ signal }) => connectTo({ host, port }, `tcp://${joinHostPort(host, port)}`, signal);
}

/** Opens a socket; rejects with TRANSPORT, or CANCELED when the signal aborts. */
export function connectTo(options: NetConnectOpts, where: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(canceled(where, signal));
      return;
    }
    const socket = connect(options);
    socket.setTimeout(CONNECT_TIMEOUT_MS);
    const settle = (error?: TsbuildxError): void => {
      socket.setTimeout(0);
      signal.removeEventListener('abort', onAbort);
      socket.off('connect', onConnect).off('error', onError).off('timeout', onTimeout);
      if (error === undefined) {
        resolve(socket);
        return;
      }
      socket.on('error', () => undefined).destroy();
      reject(error);
    };
    const onConnect = (): void => {
      if ('host' in options) socket.setNoDelay(true).setKeepAlive(true, KEEP_ALIVE_MS);
      settle();
    };
    const onError = (cause: Error): void => settle(connectError(where, cause));
    const onTimeout = (): void => settle(connectError(where, new Error('the connection timed out')));
    const onAbort = (): void => settle(canceled(where, signal));
    socket.once('connect', onConnect).once('error', onError).once('timeout', onTimeout);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

/** The error of a dial that failed. */
export function connectError(where: string, cause: unknown): TsbuildxError {
  return new TsbuildxError('TRANSPORT', `cannot connect to ${where}: ${reasonOf(cause)}`, { cause });
}

/** The error of a dial that was aborted. */
export function canceled(where: string, signal: AbortSignal): TsbuildxError {
  return new TsbuildxError('CANCELED', `connecting to ${where} was canceled`, { cause: signal.reason });
}

function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return (code === undefined ? undefined : REASONS[code]) ?? (messageOf(cause) || code || 'unknown error');
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ECONNREFUSED: 'connection refused',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTSOCK: 'not a socket',
  ENOTDIR: 'not a directory',
  ECONNRESET: 'connection reset by peer',
  EHOSTUNREACH: 'no route to host',
  ENETUNREACH: 'network is unreachable',
  ETIMEDOUT: 'the connection timed out',
};

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  // Of several addresses tried, the first failure stands for all.
  const first: unknown = cause instanceof AggregateError ? (cause.errors[0] ?? cause) : cause;
  return first instanceof Error && 'code' in first && typeof first.code === 'string' ? first.code : undefined;
}

/** Reaches a socket whose path is too long for the kernel, through a descriptor of its directory. */
async function connectLongPath(path: string, where: string, signal: AbortSignal): Promise<Socket> {
  const tooLong = `the path of a socket can have at most ${MAX_SOCKET_PATH} bytes on this system`;
  if (process.platform !== 'linux') throw connectError(where, new Error(tooLong));
  let directory: fs.FileHandle;
  try {
    directory = await fs.open(dirname(path), constants.O_RDONLY | constants.O_DIRECTORY);
  } catch (cause) {
    throw connectError(where, cause);
  }
  try {
    const short = `/proc/self/fd/${directory.fd}/${basename(path)}`;
    if (Buffer.byteLength(short) > MAX_SOCKET_PATH) throw connectError(where, new Error(tooLong));
    return await connectTo({ path: short }, where, signal);
  } finally {
    await directory.close();
  }
}
