import { TsbuildxError } from '../../base/errors.ts';
import { sshString } from '../../base/ssh-wire.ts';

/** What OpenSSH's agent takes as well. */
const MAX_MESSAGE_BYTES = 256 * 1024;
const LENGTH_BYTES = 4;

/** Cuts a stream into messages of the agent protocol. */
export class MessageFrames {
  readonly #length = Buffer.alloc(LENGTH_BYTES);
  #lengthFilled = 0;
  #message: Buffer | undefined;
  #filled = 0;

  /** The messages that are complete; what is left is kept. Throws PROTOCOL, after which it is of no use. */
  *push(chunk: Uint8Array): Generator<Uint8Array> {
    for (let at = 0; at < chunk.length; ) {
      if (this.#message === undefined) {
        const taken = Math.min(LENGTH_BYTES - this.#lengthFilled, chunk.length - at);
        this.#length.set(chunk.subarray(at, at + taken), this.#lengthFilled);
        this.#lengthFilled += taken;
        at += taken;
        if (this.#lengthFilled < LENGTH_BYTES) return;
        this.#message = Buffer.allocUnsafe(checkedLength(this.#length.readUInt32BE()));
      } else {
        const taken = Math.min(this.#message.length - this.#filled, chunk.length - at);
        this.#message.set(chunk.subarray(at, at + taken), this.#filled);
        this.#filled += taken;
        at += taken;
        if (this.#filled < this.#message.length) return;
        const message = this.#message;
        this.#message = undefined;
        this.#lengthFilled = this.#filled = 0;
        yield message;
      }
    }
  }
}

function checkedLength(length: number): number {
  if (length > 0 && length <= MAX_MESSAGE_BYTES) return length;
  throw new TsbuildxError('PROTOCOL', `a message to or from an SSH agent has ${length} bytes`);
}

/** A message as it travels. */
export function framed(message: Uint8Array): Uint8Array {
  return sshString(message);
}
