import { connect, createServer, type Socket } from 'node:net';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A socket in front of an engine that can stop to answer, as an engine does that hangs. */
export interface Relay extends AsyncDisposable {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Resolves when somebody has connected. */
  readonly connected: Promise<unknown>;
  /** From now on no byte passes, and no connection ends: of all, or of those whose first bytes hold this. */
  freeze(only?: string): void;
}

export interface RelayOptions {
  /** Bytes of the engine after which all connections break, as when it dies. */
  readonly breaksAfter?: number;
  /** Bytes of the engine after which everything freezes. */
  readonly freezesAfter?: number;
  /** Gets what clients send, with an object for each connection. */
  readonly onSent?: (connection: object, chunk: Buffer) => void;
}

/** What both sockets of one connection share. */
interface Link {
  /** The first bytes of the client. */
  head: string;
  frozen: boolean;
}

const HEAD_BYTES = 1024;

export async function startRelay(socketPath: string, options: RelayOptions = {}): Promise<Relay> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-relay-'));
  const sockets = new Map<Socket, Link>();
  let received = 0;
  const freeze = (only: string = ''): void => {
    for (const [socket, link] of sockets) {
      if (!link.head.includes(only)) continue;
      link.frozen = true;
      socket.pause();
    }
    isFrozen ||= only === '';
  };
  let isFrozen = false;
  const server = createServer((near) => {
    const far = connect(socketPath);
    const link: Link = { head: '', frozen: isFrozen };
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.set(from, link);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        if (!link.frozen) to.destroy();
      });
      from.on('end', () => to.end());
      from.on('data', (chunk) => {
        if (from === far) received += chunk.length;
        else options.onSent?.(link, chunk);
        if (from === near && link.head.length < HEAD_BYTES) link.head += chunk.toString('latin1');
        if (received > (options.breaksAfter ?? Number.POSITIVE_INFINITY))
          for (const socket of sockets.keys()) socket.destroy();
        if (received > (options.freezesAfter ?? Number.POSITIVE_INFINITY)) return freeze();
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (!link.frozen) from.resume();
      });
    }
    if (link.frozen) for (const socket of [near, far]) socket.pause();
  });
  const connected = once(server, 'connection');
  const path = join(dir, 'docker.sock');
  server.listen(path);
  await once(server, 'listening');
  return {
    host: `unix://${path}`,
    connected,
    freeze,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets.keys()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
