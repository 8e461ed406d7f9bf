// The border to protobufjs: nothing outside this folder imports the generated code or the library itself.
export { containerd, errdefs, fsutil, google, grpc, moby, opentelemetry, pb } from './generated.js';
export { fromLong, fromTimestamp, type Long, toLong, toTimestamp, toUnsignedLong } from './long.ts';
