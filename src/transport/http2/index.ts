export { type ClientReceiver, Http2Client, StreamResetError } from './client.ts';
export { ErrorCode } from './frames.ts';
export type { HeaderField } from './hpack.ts';
export { KeepAlive } from './keep-alive.ts';
export { Http2Server } from './server.ts';
export type { Http2Stream, StreamReceiver } from './stream.ts';
