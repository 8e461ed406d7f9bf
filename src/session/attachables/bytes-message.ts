import { TsbuildxError } from '../../base/errors.ts';

/** The bytes of a BytesMessage: a view on them. Error: PROTOCOL. */
export function decodeBytesMessage(message: Uint8Array): Uint8Array {
  if (message.length === 0) return message;
  let length = 0;
  let at = 1;
  for (let scale = 1; at < message.length && scale <= 2 ** 28; scale *= 128) {
    const byte = message[at++] ?? 0;
    length += (byte & 0x7f) * scale;
    if (byte < 0x80) break;
  }
  if (message[0] !== 0x0a || at + length !== message.length) {
    throw new TsbuildxError('PROTOCOL', 'malformed BytesMessage from the daemon');
  }
  return message.subarray(at);
}
