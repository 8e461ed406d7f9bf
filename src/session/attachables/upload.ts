// Matches BuildKit's session/upload/uploadprovider: Upload, by which the daemon pulls a stream of the client as if it
// were a file of a web server.
import { basename } from 'node:path/posix';
import type { Readable } from 'node:stream';
import { wrap } from '../../base/errors.ts';
import { bytesPrefix } from '../../buildkit/control/index.ts';
import { type Attachable, CallError, GrpcStatus, metadataValues, type ServerCall } from '../method.ts';

const site = 'http://buildkit-session/';

/** The address under which a daemon asks the session for the stream `id`. */
export function uploadUrl(id: string): string {
  return site + id;
}

export function isUploadUrl(url: string): boolean {
  return url.startsWith(site);
}

export interface UploadOptions {
  /** By the id in their address. Each is given out once: what was pulled is gone. */
  readonly streams: ReadonlyMap<string, Readable>;
}

/** Lets the daemon pull streams of bytes; they are read as fast as it takes them and never held. */
export function uploadAttachable({ streams }: UploadOptions): Attachable {
  const left = new Map(streams);
  return {
    methods: [
      {
        path: '/moby.upload.v1.Upload/Pull',
        async handle(call) {
          const id = basename(metadataValues(call.metadata, 'urlpath')[0] ?? '');
          const stream = left.get(id);
          if (stream === undefined) {
            throw new CallError(GrpcStatus.UNKNOWN, `no http response from session for ${id}`);
          }
          left.delete(id);
          await sendStream(call, stream);
        },
      },
    ],
  };
}

async function sendStream(call: ServerCall, stream: Readable): Promise<void> {
  const stop = (): void => void stream.destroy();
  call.signal.addEventListener('abort', stop, { once: true });
  try {
    const frames = new FrameWriter();
    for await (const chunk of stream) {
      for (const data of pieces(bytesOf(chunk))) await call.sendFramed(frames.write(data));
    }
  } catch (error) {
    call.signal.throwIfAborted();
    throw wrap('IO', 'failed to read the build context', error);
  } finally {
    call.signal.removeEventListener('abort', stop);
  }
}

/** Daemons take no message above 16 MiB; this is buildx's limit. */
const MAX_PIECE = 3 << 20;

function* pieces(chunk: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < chunk.length; at += MAX_PIECE) yield chunk.subarray(at, at + MAX_PIECE);
}

function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  if (typeof chunk === 'string') return Buffer.from(chunk);
  throw new TypeError('the stream of a build context must give bytes');
}

/** Frames BytesMessages in memory that is used again: what was written is only valid until the next. */
class FrameWriter {
  #memory: Buffer = Buffer.alloc(0);

  write(data: Uint8Array): Uint8Array {
    const prefix = bytesPrefix(data.length);
    const length = prefix.length + data.length;
    if (this.#memory.length < length) this.#memory = Buffer.allocUnsafeSlow(length);
    this.#memory.set(prefix);
    this.#memory.set(data, prefix.length);
    return this.#memory.subarray(0, length);
  }
}
