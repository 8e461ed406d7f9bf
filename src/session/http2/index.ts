export { Http2Connection } from './connection.ts';
export { ErrorCode } from './frames.ts';
export type { HeaderField } from './hpack.ts';
export type { Http2Stream, StreamReceiver } from './stream.ts';
