// What a service of the session is to the host: methods by path, each a function over one call.
import { TsbuildxError } from '../base/errors.ts';

/** gRPC status codes that services of the session answer with. */
export const GrpcStatus = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const;

/** A call ends with this status when its handler throws it; any other error becomes UNKNOWN with its message. */
export class CallError extends TsbuildxError {
  override readonly name = 'CallError';
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super('RPC_FAILED', message, options);
    this.status = status;
  }
}

/** The metadata of a call: pairs as they came, names in lower case, the values of one name kept apart and in order. */
export type Metadata = readonly (readonly [name: string, value: string])[];

/** All values of one metadata name, in order. */
export function metadataValues(metadata: Metadata, name: string): string[] {
  const values: string[] = [];
  for (const [key, value] of metadata) if (key === name) values.push(value);
  return values;
}

/** One call of the daemon. Messages are the bytes of one protobuf message, without gRPC's prefix. */
export interface ServerCall {
  readonly path: string;
  readonly metadata: Metadata;
  /** Aborts when the daemon cancels the call and when the connection is lost. */
  readonly signal: AbortSignal;
  /**
   * The daemon's messages, as many at a time as have arrived; ends when the daemon has sent its last. Asking for the
   * next batch is what lets the daemon send more. The bytes are only valid until then: copy what is kept.
   * Rejects with code TRANSPORT or CANCELED when the call is over before.
   */
  batches(): AsyncIterable<readonly Uint8Array[]>;
  /** Sends one message. Resolves when the next may follow; its bytes must not change any more. */
  send(message: Uint8Array): Promise<void>;
  /**
   * Sends bytes that hold whole messages, each with gRPC's five-byte prefix. Resolves when they have left the process,
   * so that the memory can be used again.
   */
  sendFramed(bytes: Uint8Array): Promise<void>;
}

/** One gRPC method of the session. */
export interface SessionMethod {
  /** `/package.Service/Method`. */
  readonly path: string;
  /** Serves one call; the call ends with status OK when it resolves. */
  handle(call: ServerCall): Promise<void>;
}

/** A service that the session offers to the daemon. The daemon only calls what is offered. */
export interface Attachable {
  readonly methods: readonly SessionMethod[];
}

/** A method with one request and one response. */
export function unaryMethod(
  path: string,
  respond: (request: Uint8Array, call: ServerCall) => Promise<Uint8Array> | Uint8Array,
): SessionMethod {
  return {
    path,
    async handle(call) {
      let request: Uint8Array | undefined;
      for await (const message of messages(call)) {
        if (request !== undefined) throw new CallError(GrpcStatus.INTERNAL, `${path} takes one request`);
        request = new Uint8Array(message);
      }
      if (request === undefined) throw new CallError(GrpcStatus.INTERNAL, `${path} was called without a request`);
      await call.send(await respond(request, call));
    },
  };
}

/** The daemon's messages one by one. The bytes are only valid until the next is asked for. */
export async function* messages(call: ServerCall): AsyncGenerator<Uint8Array> {
  for await (const batch of call.batches()) yield* batch;
}
