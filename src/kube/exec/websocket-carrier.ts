// Matches apimachinery pkg/util/remotecommand: the first byte of a message names its stream.
import type { Duplex } from 'node:stream';
import { FrameReader, Opcode } from '../websocket/frame-reader.ts';
import { clientFrame } from '../websocket/frame-writer.ts';
import type { Carrier, CommandReceiver } from './carrier.ts';
import { Link } from './link.ts';

/** Since Kubernetes 1.29; can end stdin alone. */
export const V5 = 'v5.channel.k8s.io';
export const V4 = 'v4.channel.k8s.io';

const Channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;
const NORMAL_CLOSURE = 1000;

/** Carries a command's streams over a websocket that is open. */
export function websocketCarrier(raw: Duplex, protocol: string, receiver: CommandReceiver): Carrier {
  let channel: number | undefined;
  const reader = new FrameReader({
    onData(piece, isFirst) {
      const data = isFirst ? piece.subarray(1) : piece;
      if (isFirst) channel = piece[0];
      if (data.length === 0) return;
      if (channel === Channel.stdout) link.stdout(data);
      else if (channel === Channel.stderr) receiver.onStderr(data);
      else if (channel === Channel.status) receiver.onStatus(data);
    },
    onControl(opcode, payload) {
      if (opcode === Opcode.ping) link.answer(clientFrame(Opcode.pong, payload));
      if (opcode === Opcode.close) link.finish(closeCause(payload));
    },
  });
  const link = new Link(raw, receiver, {
    push: (chunk) => reader.push(chunk),
    ping: () => clientFrame(Opcode.ping, new Uint8Array()),
  });
  return {
    write: (data, done) => link.sendPieces(data, (piece) => clientFrame(Opcode.binary, piece, [Channel.stdin]), done),
    end(done) {
      const endOfStdin = clientFrame(Opcode.binary, Buffer.from([Channel.stdin]), [Channel.close]);
      link.send(protocol === V5 ? endOfStdin : closeFrame(), done);
    },
    resume: () => link.resume(),
    destroy: () => link.destroy(closeFrame()),
  };
}

function closeFrame(): Buffer {
  return clientFrame(Opcode.close, Buffer.from([NORMAL_CLOSURE >> 8, NORMAL_CLOSURE & 0xff]));
}

/** Why the server closed; undefined when that is the ordinary end. */
function closeCause(payload: Buffer): Error | undefined {
  if (payload.length < 2) return undefined;
  const code = payload.readUInt16BE(0);
  if (code === NORMAL_CLOSURE) return undefined;
  const text = payload.toString('utf8', 2);
  return new Error(`the API server closed the websocket with code ${code}${text === '' ? '' : `: ${text}`}`);
}
