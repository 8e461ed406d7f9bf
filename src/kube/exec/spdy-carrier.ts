// Matches client-go tools/remotecommand v4 over moby/spdystream, which has no windows: TCP holds back who is too quick.
import type { Duplex } from 'node:stream';
import { SpdyReader } from '../spdy/frame-reader.ts';
import { controlFrame, dataFrame, FIN, FrameType, HeaderWriter } from '../spdy/frames.ts';
import type { Carrier, CommandReceiver } from './carrier.ts';
import { Link } from './link.ts';

/** Streams of a client have odd numbers. */
const streams = { error: 1, stdin: 3, stdout: 5, stderr: 7 } as const;

/** Carries a command's streams over a connection that was turned into SPDY/3.1. */
export function spdyCarrier(raw: Duplex, receiver: CommandReceiver): Carrier {
  const open = new Set<number>([streams.error, streams.stdout, streams.stderr]);
  let pings = -1;
  const endStream = (stream: number): void => {
    open.delete(stream);
    if (open.size === 0) link.finish();
  };
  const reader = new SpdyReader({
    onData(stream, piece) {
      if (stream === streams.stdout) link.stdout(piece);
      else if (stream === streams.stderr) receiver.onStderr(piece);
      else if (stream === streams.error) receiver.onStatus(piece);
    },
    onFin: endStream,
    onControl(type, payload) {
      const id = payload.length < 4 ? 0 : payload.readUInt32BE(0);
      if (type === FrameType.ping && id % 2 === 0) link.answer(controlFrame(FrameType.ping, payload));
      if (type === FrameType.rstStream) endStream(id);
      if (type === FrameType.goAway) link.finish(new Error('the API server goes away'));
    },
  });
  const link = new Link(raw, receiver, {
    push: (chunk) => reader.push(chunk),
    ping() {
      const id = Buffer.alloc(4);
      id.writeUInt32BE((pings += 2));
      return controlFrame(FrameType.ping, id);
    },
  });
  const headers = new HeaderWriter();
  for (const [name, id] of Object.entries(streams)) link.send(headers.synStream(id, [['streamtype', name]]));

  return {
    write: (data, done) => link.sendPieces(data, (piece) => dataFrame(streams.stdin, piece), done),
    end: (done) => link.send(dataFrame(streams.stdin, new Uint8Array(), FIN), done),
    resume: () => link.resume(),
    destroy: () => link.destroy(),
  };
}
