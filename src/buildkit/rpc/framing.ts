import { TsbuildxError } from '../../base/errors.ts';

/** Bytes before each message of gRPC: a flag and the length. */
export const FRAME_HEADER_BYTES = 5;
/** What daemons accept; a longer message would end in an error that says less. */
const MAX_SEND_BYTES = 16 * 1024 * 1024;

/** A message as it goes over the wire, uncompressed. */
export function frameMessage(message: Uint8Array): Buffer {
  if (message.length > MAX_SEND_BYTES) {
    throw new TsbuildxError(
      'INVALID_ARGUMENT',
      `request of ${message.length} bytes is larger than the 16 MiB that daemons accept`,
    );
  }
  const frame = Buffer.allocUnsafe(FRAME_HEADER_BYTES + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, FRAME_HEADER_BYTES);
  return frame;
}
