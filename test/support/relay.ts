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
  /** From now on no byte passes, and no connection ends. */
  freeze(): void;
}

export interface RelayOptions {
  /** Bytes of the engine after which all connections break, as when it dies. */
  readonly breaksAfter?: number;
}

export async function startRelay(socketPath: string, options: RelayOptions = {}): Promise<Relay> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-relay-'));
  const sockets = new Set<Socket>();
  let frozen = false;
  let left = options.breaksAfter ?? Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    const far = connect(socketPath);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        if (!frozen) to.destroy();
      });
      from.on('end', () => to.end());
      from.on('data', (chunk) => {
        if (from === far) left -= chunk.length;
        if (left < 0) for (const socket of sockets) socket.destroy();
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => {
        if (!frozen) from.resume();
      });
    }
    if (frozen) for (const socket of [near, far]) socket.pause();
  });
  const connected = once(server, 'connection');
  const path = join(dir, 'docker.sock');
  server.listen(path);
  await once(server, 'listening');
  return {
    host: `unix://${path}`,
    connected,
    freeze: () => {
      frozen = true;
      for (const socket of sockets) socket.pause();
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(dir, { recursive: true, force: true });
    },
  };
}
