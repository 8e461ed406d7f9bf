// Commands of the double of an API server: the streams of a process over a websocket or over SPDY.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { constants, inflateRawSync } from 'node:zlib';
import { acceptance, readClientFrames, serverFrame } from './websocket-peer.ts';

/** A command that runs: what is written is its stdin, what is read its stdout. */
export interface RunningCommand {
  readonly streams: Duplex;
  /** What it says on stderr before it ends. */
  readonly stderr?: string | undefined;
  /** How it ends, as the API server tells it. Default: well. */
  readonly status?: unknown;
}

export const SUCCESS: unknown = { metadata: {}, status: 'Success' };

/** As the API server tells of a command that ended with an exit code. */
export function exitStatus(code: number): unknown {
  return {
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: error executing command [x], exit code ${code}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  };
}

export function serveWebsocket(
  request: IncomingMessage,
  socket: Duplex,
  protocol: string,
  command: RunningCommand,
): void {
  socket.write(acceptance(request, protocol));
  const send = (channel: number, data: Uint8Array): boolean =>
    socket.write(serverFrame(2, Buffer.concat([Buffer.from([channel]), data])));
  // as the API server does: an empty message for each stream
  for (const channel of [0, 1, 2, 3]) send(channel, new Uint8Array());
  const { streams } = command;
  endWith(socket, streams);
  readClientFrames(socket, (opcode, payload) => {
    if (opcode === 9) socket.write(serverFrame(10, payload));
    if (opcode === 8) streams.destroy();
    if (opcode !== 2) return;
    if (payload[0] === 255 && payload[1] === 0) streams.end();
    else if (payload[0] === 0 && payload.length > 1) streams.write(payload.subarray(1));
  });
  pump(
    streams,
    socket,
    (data) => send(1, data),
    () => {
      if (command.stderr !== undefined) send(2, Buffer.from(command.stderr));
      send(3, Buffer.from(JSON.stringify(command.status ?? SUCCESS)));
      socket.end(serverFrame(8, Buffer.from([3, 232])));
    },
  );
}

export function serveSpdy(socket: Duplex, command: RunningCommand): void {
  socket.write(
    'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: SPDY/3.1\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n',
  );
  const { streams } = command;
  endWith(socket, streams);
  const ids = new Map<string, number>();
  let bytes: Buffer = Buffer.alloc(0);
  let isFirst = true;
  const data = (stream: string, payload: Uint8Array, fin = false): boolean => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(ids.get(stream) ?? 0, 0);
    head.writeUInt32BE((((fin ? 1 : 0) << 24) | payload.length) >>> 0, 4);
    return socket.write(Buffer.concat([head, payload]));
  };
  const open = (payload: Buffer): void => {
    const block = inflateRawSync(payload.subarray(isFirst ? 16 : 10), { finishFlush: constants.Z_SYNC_FLUSH });
    isFirst = false;
    const nameEnd = 8 + block.readUInt32BE(4);
    ids.set(block.toString('utf8', nameEnd + 4), payload.readUInt32BE(0));
    if (ids.size < 4) return;
    pump(
      streams,
      socket,
      (chunk) => data('stdout', chunk),
      () => {
        data('stdout', new Uint8Array(), true);
        data('stderr', Buffer.from(command.stderr ?? ''), true);
        data('error', Buffer.from(JSON.stringify(command.status ?? SUCCESS)), true);
      },
    );
  };
  socket.on('data', (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    while (bytes.length >= 8 && bytes.length >= 8 + bytes.readUIntBE(5, 3)) {
      const length = bytes.readUIntBE(5, 3);
      const payload = bytes.subarray(8, 8 + length);
      const isControl = (bytes.readUInt8(0) & 0x80) !== 0;
      const isLast = (bytes.readUInt8(4) & 1) !== 0;
      if (isControl && bytes.readUInt16BE(2) === 1) open(payload);
      else if (isControl && bytes.readUInt16BE(2) === 6) socket.write(bytes.subarray(0, 8 + length));
      else if (!isControl && length > 0) streams.write(Buffer.from(payload));
      if (!isControl && isLast) streams.end();
      bytes = bytes.subarray(8 + length);
    }
  });
}

/** A command does not outlive its connection. */
function endWith(socket: Duplex, streams: Duplex): void {
  streams.on('error', () => undefined);
  socket.on('error', () => undefined).once('close', () => streams.destroy());
}

/** Stdout to the client, which may hold back; then its end. */
function pump(streams: Duplex, socket: Duplex, send: (data: Buffer) => boolean, onEnd: () => void): void {
  streams.on('data', (chunk: Buffer) => {
    if (!send(chunk)) streams.pause();
  });
  socket.on('drain', () => streams.resume());
  streams.once('end', onEnd);
}
