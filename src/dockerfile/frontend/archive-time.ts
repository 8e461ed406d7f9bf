// Matches archiveMaxTimeFromRef of BuildKit's dockerfile2llb/epoch.go: the time of an archive is that of its youngest file.
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { TsbuildxError } from '../../base/errors.ts';
import { isArchive } from './archive.ts';
import type { Gateway, GatewayRef } from './gateway.ts';
import { TarTimes } from './tar-times.ts';

interface Read {
  readonly gateway: Gateway;
  readonly ref: GatewayRef;
  readonly path: string;
  readonly signal: AbortSignal;
}

/** Seconds since the epoch; undefined when the file is no archive. Throws UNSUPPORTED for bzip2 and xz. */
export async function archiveTime(read: Read): Promise<bigint | undefined> {
  const times = new TarTimes();
  try {
    for await (const bytes of unpacked(read)) {
      times.push(bytes);
      if (times.hasEnded) break;
    }
  } catch (error) {
    if (error instanceof TsbuildxError && error.code === 'INVALID_ARGUMENT') return undefined;
    throw error;
  }
  return times.isComplete ? times.latest : undefined;
}

async function* unpacked(read: Read): AsyncGenerator<Uint8Array> {
  const head = await piece(read, 0, 1024);
  if (startsWith(head, [0x1f, 0x8b, 0x08])) yield* through(createGunzip(), pieces(read));
  else if (startsWith(head, [0x28, 0xb5, 0x2f, 0xfd])) yield* through(createZstdDecompress(), pieces(read));
  else if (startsWith(head, [0x42, 0x5a, 0x68]) || startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) {
    const advice = 'give the time as a number, or compress the archive with gzip';
    throw new TsbuildxError('UNSUPPORTED', `SOURCE_DATE_EPOCH cannot be read from a bzip2 or xz archive: ${advice}`);
  } else if (isArchive(head)) yield* pieces(read);
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, i) => bytes[i] === byte);
}

const PIECE = 1 << 20;

async function* pieces(read: Read): AsyncGenerator<Uint8Array> {
  for (let at = 0; ; ) {
    const bytes = await piece(read, at, PIECE);
    if (bytes.length > 0) yield bytes;
    if (bytes.length < PIECE) return;
    at += bytes.length;
  }
}

function piece({ gateway, ref, path, signal }: Read, offset: number, length: number): Promise<Uint8Array> {
  return gateway.readFile(ref, { path, range: { offset, length } }, { signal });
}

/** What comes out of a decompressor. A stream that it cannot read is no archive. */
async function* through(
  decompressor: ReturnType<typeof createGunzip>,
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const feed = async (): Promise<void> => {
    for await (const bytes of source) {
      if (decompressor.destroyed) return;
      if (!decompressor.write(bytes)) await drained(decompressor);
    }
    decompressor.end();
  };
  let failure: unknown;
  const feeding = feed().catch((error: unknown) => {
    failure = error;
    decompressor.destroy();
  });
  try {
    for await (const chunk of decompressor) yield Buffer.from(chunk);
  } catch (cause) {
    throw failure ?? new TsbuildxError('INVALID_ARGUMENT', 'not a tar archive', { cause });
  } finally {
    decompressor.destroy();
    await feeding;
  }
}

function drained(decompressor: ReturnType<typeof createGunzip>): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      decompressor.off('drain', done).off('close', done);
      resolve();
    };
    decompressor.on('drain', done).on('close', done);
  });
}
