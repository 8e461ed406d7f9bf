export {
  ErrorCode,
  type HeaderField,
  Http2Server as Http2Connection,
  type Http2Stream,
  type StreamReceiver,
} from '../../transport/http2/index.ts';
