import { messageOf } from '../../base/errors.ts';
import type { HeaderField } from '../../transport/index.ts';
import { CallError, GrpcStatus } from '../method.ts';

/** More than this of a message helps nobody, and headers have a limit. */
const MAX_MESSAGE_CHARS = 8 * 1024;

/** The fields that end a call: OK, or what was thrown. */
export function statusFields(error: unknown): HeaderField[] {
  if (error === undefined) return [['grpc-status', '0']];
  return [
    ['grpc-status', String(statusOf(error))],
    ['grpc-message', encodeMessage(messageOf(error).slice(0, MAX_MESSAGE_CHARS))],
  ];
}

/** The status with which a call ends that threw; undefined: that did not. */
export function statusOf(error: unknown): number {
  if (error === undefined) return GrpcStatus.OK;
  return error instanceof CallError ? error.status : GrpcStatus.UNKNOWN;
}

/** gRPC's percent encoding: all but printable ASCII, and the percent sign. */
function encodeMessage(text: string): string {
  let out = '';
  for (const byte of Buffer.from(text, 'utf8')) {
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    out += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
