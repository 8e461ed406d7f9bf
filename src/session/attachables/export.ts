// Matches BuildKit's session/filesync/filesync.go: FileSend, by which the daemon sends the result of an exporter.
import type { Writable } from 'node:stream';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { FileTarget, receiveTree } from '../fsutil/index.ts';
import { type Attachable, CallError, GrpcStatus, metadataValues, type ServerCall } from '../method.ts';
import { decodeBytesMessage } from './bytes-message.ts';

/** Where the data of one exporter goes on this machine. Nothing is created before data arrives. */
export type ExportTarget =
  /** A tree of files, written into this directory over what is there; what else is there stays, or goes. */
  | { readonly kind: 'directory'; readonly path: string; readonly deletes?: boolean | undefined }
  /** One file, written under a temporary name and renamed when it is complete. */
  | { readonly kind: 'file'; readonly path: string }
  /** Not closed. */
  | { readonly kind: 'stream'; readonly stream: Writable }
  /** Something that takes one file. Opened when data comes. */
  | { readonly kind: 'sink'; readonly open: (options: { readonly signal: AbortSignal }) => Promise<ExportSink> };

/** Takes one file, piece by piece; when it is disposed of before it is finished, nothing is left. */
export interface ExportSink extends AsyncDisposable {
  /** The bytes are only valid until it resolves. */
  write(pieces: readonly Uint8Array[]): Promise<void>;
  /** The file is complete. Resolves when all that is to be done with it is done. */
  finish(): Promise<void>;
}

export interface ExportOptions {
  /** By the position of the exporter in the solve request. */
  readonly targets: ReadonlyMap<number, ExportTarget>;
}

/** Takes the results of exporters. */
export function exportAttachable({ targets }: ExportOptions): Attachable {
  return {
    methods: [
      {
        path: '/moby.filesync.v1.FileSend/DiffCopy',
        async handle(call) {
          const id = exporterId(call);
          const target = targets.get(id);
          if (target === undefined) throw new CallError(GrpcStatus.UNKNOWN, `exporter ${id} not found`);
          if (target.kind === 'directory') await receiveDirectory(call, target);
          else if (target.kind === 'file') await receiveFile(call, new FileTarget(target.path));
          else if (target.kind === 'sink') await receiveFile(call, new OpenedLate(() => target.open(call)));
          else await receiveStream(call, target.stream);
        },
      },
    ],
  };
}

/** The first exporter when the daemon names none. */
function exporterId({ metadata }: ServerCall): number {
  const value = metadataValues(metadata, 'buildkit-attachable-exporter-id')[0] ?? '';
  return /^[+-]?\d+$/.test(value) ? Number(value) : 0;
}

async function receiveDirectory(
  call: ServerCall,
  { path, deletes = false }: Extract<ExportTarget, { kind: 'directory' }>,
): Promise<void> {
  // Otherwise each platform comes by itself, and would remove the others'.
  if (deletes && !metadataValues(call.metadata, 'buildkit-exporter-multi-platform').includes('1')) {
    const what = 'local exporter mode=delete requires a BuildKit daemon with multi-platform local export support';
    throw new CallError(GrpcStatus.UNKNOWN, what);
  }
  await receiveTree(call, { dest: path, deletes });
}

async function receiveFile(call: ServerCall, into: ExportSink): Promise<void> {
  await using sink = into;
  for await (const batch of call.batches()) {
    const pieces = batch.map(decodeBytesMessage).filter((piece) => piece.length > 0);
    if (pieces.length > 0) await sink.write(pieces);
  }
  await sink.finish();
}

/** A sink that is opened when data comes. */
class OpenedLate implements ExportSink {
  readonly #open: () => Promise<ExportSink>;
  #sink: ExportSink | undefined;

  constructor(open: () => Promise<ExportSink>) {
    this.#open = open;
  }

  async write(pieces: readonly Uint8Array[]): Promise<void> {
    this.#sink ??= await this.#open();
    await this.#sink.write(pieces);
  }

  async finish(): Promise<void> {
    await this.#sink?.finish();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sink?.[Symbol.asyncDispose]();
  }
}

async function receiveStream(call: ServerCall, stream: Writable): Promise<void> {
  for await (const batch of call.batches()) {
    const pieces = batch.map(decodeBytesMessage).filter((piece) => piece.length > 0);
    if (pieces.length > 0) await writePieces(stream, pieces, call.signal);
  }
}

/** Resolves when the pieces have left: their memory is used again. A reader that takes nothing is left on abort. */
async function writePieces(stream: Writable, pieces: readonly Uint8Array[], signal: AbortSignal): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const aborted = (): void => reject(signal.reason);
  const fail = (error: Error): void => reject(wrap('IO', 'failed to write the output', error));
  const closed = (): void => reject(new TsbuildxError('IO', 'failed to write the output: it was closed'));
  stream.once('error', fail).once('close', closed);
  signal.addEventListener('abort', aborted, { once: true });
  try {
    if (stream.destroyed || stream.writableEnded) closed();
    for (const [i, piece] of pieces.entries()) {
      if (i < pieces.length - 1) stream.write(piece);
      else stream.write(piece, (error) => (error === null || error === undefined ? resolve() : fail(error)));
    }
    await promise;
  } finally {
    stream.off('error', fail).off('close', closed);
    signal.removeEventListener('abort', aborted);
  }
}
