// A gRPC server of grpc-js over streams in memory: what the client under test talks to.
import {
  type handleServerStreamingCall,
  type handleUnaryCall,
  Server,
  ServerCredentials,
  type ServerOptions,
} from '@grpc/grpc-js';
import { type Duplex } from 'node:stream';
import type { Method } from '../../src/buildkit/rpc/index.ts';
import type { Dialer } from '../../src/transport/index.ts';
import { duplexPair } from './duplex-pair.ts';

/** A method whose messages are bytes. */
export function bytesMethod(name: string): Method<Uint8Array, Uint8Array> {
  return { path: `/test.Test/${name}`, encode: (bytes) => bytes, decode: (bytes) => bytes };
}

export interface TestServer {
  readonly dial: Dialer;
  /** The daemon's ends of all connections. */
  readonly ends: readonly Duplex[];
  stop(): void;
}

export interface TestHandlers {
  readonly unary?: Readonly<Record<string, handleUnaryCall<Buffer, Buffer>>>;
  readonly stream?: Readonly<Record<string, handleServerStreamingCall<Buffer, Buffer>>>;
}

/** Serves `/test.Test/<name>` for each handler, or the whole path that it has; every dial is a new connection in pieces of `pieceBytes`. */
export function startGrpcServer(
  handlers: TestHandlers,
  pieceBytes: number = 64 * 1024,
  options: ServerOptions = {},
): TestServer {
  const server = new Server({
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
    ...options,
  });
  const same = (bytes: Buffer): Buffer => bytes;
  const define = (name: string, responseStream: boolean) => ({
    path: name.startsWith('/') ? name : `/test.Test/${name}`,
    requestStream: false,
    responseStream,
    requestSerialize: same,
    requestDeserialize: same,
    responseSerialize: same,
    responseDeserialize: same,
  });
  for (const [name, handler] of Object.entries(handlers.unary ?? {})) {
    server.addService({ [name]: define(name, false) }, { [name]: handler });
  }
  for (const [name, handler] of Object.entries(handlers.stream ?? {})) {
    server.addService({ [name]: define(name, true) }, { [name]: handler });
  }
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const ends: Duplex[] = [];
  return {
    dial: async () => {
      const [near, far] = duplexPair(pieceBytes);
      ends.push(far);
      injector.injectConnection(far);
      return near;
    },
    ends,
    stop: () => {
      injector.destroy();
      server.forceShutdown();
      for (const end of ends) end.destroy();
    },
  };
}
