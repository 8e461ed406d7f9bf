// The only importer of grpc-js. Its call class (framing, limits, status, trailers) is used over our own HTTP/2
// connection: its channels, resolvers and balancers have no way in for a stream that is already open, and cost 40 ms.
import { Status } from '@grpc/grpc-js/build/src/constants.js';
import {
  Http2SubchannelCall,
  type SubchannelCallInterceptingListener,
} from '@grpc/grpc-js/build/src/subchannel-call.js';
import type { StatusObject } from '@grpc/grpc-js/build/src/call-interface.js';
import type { Transport } from '@grpc/grpc-js/build/src/transport.js';
import type { ClientHttp2Stream } from 'node:http2';
import { messageOf } from '../../base/errors.ts';
import type { HeaderField } from '../../transport/index.ts';
import type { CallStream, HeaderRecord } from './call-stream.ts';
import type { Connection } from './connection.ts';
import { FRAME_HEADER_BYTES, frameMessage } from './framing.ts';
import { GRPC_STATUS, RpcError } from './rpc-error.ts';
import { canceledError, errorFromStatus } from './status-error.ts';

/** Status packets of large builds pass 40 MB; beyond this the daemon is not believed. */
const MAX_RECEIVE_BYTES = 512 * 1024 * 1024;

/** What the call asks of its transport. */
const transport: Pick<Transport, 'getOptions' | 'getPeerName' | 'getAuthContext'> = {
  getOptions: () => ({ 'grpc.max_receive_message_length': MAX_RECEIVE_BYTES }),
  getPeerName: () => '',
  getAuthContext: () => ({}),
};

const tracker = {
  addMessageSent: (): void => undefined,
  addMessageReceived: (): void => undefined,
  onCallEnd: (): void => undefined,
  onStreamEnd: (): void => undefined,
};

export interface CallEvents {
  onMessage(message: Uint8Array): void;
  /** The last event: without an error the call succeeded. */
  onEnd(error: RpcError | undefined): void;
}

export interface CallRequest {
  readonly path: string;
  readonly metadata: readonly HeaderField[];
  readonly message: Uint8Array;
  readonly signal: AbortSignal;
  readonly onHeaders?: ((headers: HeaderRecord) => void) | undefined;
}

/** A call with one request and any number of answers. `read` asks for one message. */
export interface RunningCall {
  read(): void;
  cancel(): void;
}

let calls = 0;

/** Starts a call; throws when it cannot be sent. Aborting resets its stream at once. */
export function startCall(connection: Connection, request: CallRequest, events: CallEvents): RunningCall {
  const frame = frameMessage(request.message);
  let ended = false;
  let answered = false;
  const end = (error: RpcError | undefined): void => {
    if (ended) return;
    ended = true;
    release();
    request.signal.removeEventListener('abort', onAbort);
    events.onEnd(error);
  };
  const { stream, release } = connection.open(request.path, request.metadata, (error) => {
    end(error);
    call.cancelWithStatus(Status.UNAVAILABLE, '');
  });
  stream.once('trailers', () => {
    answered = true;
  });
  stream.once('response', (headers: HeaderRecord) => {
    if (headers['grpc-status'] !== undefined) answered = true;
    request.onHeaders?.(headers);
  });

  const listener: SubchannelCallInterceptingListener = {
    onReceiveMetadata: () => undefined,
    onReceiveMessage: (message: Buffer) => {
      if (ended) return;
      if (message[0] === 0) events.onMessage(message.subarray(FRAME_HEADER_BYTES));
      else fail('PROTOCOL', 'the daemon sent a compressed message that was not asked for');
    },
    onReceiveStatus: (status) => {
      if (status.code === Status.OK) end(undefined);
      else if (answered) end(errorFromStatus(status.code, status.details, detailsOf(status.metadata)));
      // When the connection broke, its own error comes right after that of the call, and says more.
      else setImmediate(() => end(connection.lost ?? errorFromStatus(status.code, status.details, undefined)));
    },
  };
  calls += 1;
  const call = new Http2SubchannelCall(asHttp2Stream(stream), tracker, listener, transport as Transport, calls);
  const cancel = (): void => call.cancelWithStatus(Status.CANCELLED, 'context canceled');
  const fail = (code: 'PROTOCOL', message: string): void => {
    end(new RpcError(code, message, { status: GRPC_STATUS.internal }));
    cancel();
  };
  const onAbort = (): void => {
    end(canceledError(request.signal.reason));
    cancel();
  };
  request.signal.addEventListener('abort', onAbort, { once: true });

  try {
    call.sendMessageWithContext({}, frame);
    call.halfClose();
  } catch (error) {
    end(new RpcError('TRANSPORT', messageOf(error), { status: GRPC_STATUS.unavailable }, { cause: error }));
  }
  return { read: () => call.startRead(), cancel };
}

/** The call uses of a stream what every Duplex has, and the events and members that ours has like node:http2's. */
function asHttp2Stream(stream: CallStream): ClientHttp2Stream {
  return stream as unknown as ClientHttp2Stream;
}

function detailsOf(metadata: StatusObject['metadata']): Uint8Array | undefined {
  const value = metadata.get('grpc-status-details-bin')[0];
  return typeof value === 'string' ? undefined : value;
}
