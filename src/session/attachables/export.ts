// Matches BuildKit's session/filesync/filesync.go: FileSend, by which the daemon sends the result of an exporter.
import type { Writable } from 'node:stream';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { FileTarget, receiveTree } from '../fsutil/index.ts';
import { type Attachable, CallError, GrpcStatus, metadataValues, type ServerCall } from '../method.ts';
import { decodeBytesMessage } from './bytes-message.ts';

/** Where the data of one exporter goes on this machine. Nothing is created before data arrives. */
export type ExportTarget =
  /** A tree of files, written into this directory over what is there. */
  | { readonly kind: 'directory'; readonly path: string }
  /** One file, written under a temporary name and renamed when it is complete. */
  | { readonly kind: 'file'; readonly path: string }
  /** Not closed. */
  | { readonly kind: 'stream'; readonly stream: Writable };

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
          if (target.kind === 'directory') await receiveTree(call, { dest: target.path });
          else if (target.kind === 'file') await receiveFile(call, target.path);
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

async function receiveFile(call: ServerCall, path: string): Promise<void> {
  await using target = new FileTarget(path);
  for await (const batch of call.batches()) {
    const pieces = batch.map(decodeBytesMessage).filter((piece) => piece.length > 0);
    if (pieces.length > 0) await target.write(pieces);
  }
  await target.finish();
}

async function receiveStream(call: ServerCall, stream: Writable): Promise<void> {
  for await (const batch of call.batches()) {
    const pieces = batch.map(decodeBytesMessage).filter((piece) => piece.length > 0);
    if (pieces.length > 0) await writePieces(stream, pieces);
  }
}

/** Resolves when the pieces have left: their memory is used again. */
async function writePieces(stream: Writable, pieces: readonly Uint8Array[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const fail = (error: Error): void => reject(wrap('IO', 'failed to write the output', error));
  const closed = (): void => reject(new TsbuildxError('IO', 'failed to write the output: it was closed'));
  stream.once('error', fail).once('close', closed);
  try {
    if (stream.destroyed || stream.writableEnded) closed();
    for (const [i, piece] of pieces.entries()) {
      if (i < pieces.length - 1) stream.write(piece);
      else stream.write(piece, (error) => (error === null || error === undefined ? resolve() : fail(error)));
    }
    await promise;
  } finally {
    stream.off('error', fail).off('close', closed);
  }
}
