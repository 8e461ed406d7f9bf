import { PassThrough, type Readable } from 'node:stream';

/**
 * Streams that can be read once, for several readers: each gets all of it, as fast as the slowest of them reads. One that is
 * destroyed does not hold up the others.
 */
export function splitUploads(uploads: ReadonlyMap<string, Readable>, count: number): ReadonlyMap<string, Readable>[] {
  const copies = Array.from({ length: count }, () => new Map<string, Readable>());
  for (const [id, stream] of uploads) {
    const ends = copies.map((copy) => {
      const end = new PassThrough();
      end.on('error', () => {}); // told to who reads it
      copy.set(id, end);
      return end;
    });
    void distribute(stream, ends);
  }
  return copies;
}

/** Ends when the stream does, or when nobody reads any more. */
async function distribute(stream: Readable, ends: readonly PassThrough[]): Promise<void> {
  try {
    for await (const chunk of stream) {
      await Promise.all(ends.map((end) => put(end, chunk)));
      if (ends.every(({ destroyed }) => destroyed)) return;
    }
    for (const end of ends) end.end();
  } catch (error) {
    for (const end of ends) end.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

async function put(end: PassThrough, chunk: unknown): Promise<void> {
  if (end.destroyed || end.write(chunk)) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      end.off('drain', done).off('close', done);
      resolve();
    };
    end.on('drain', done).on('close', done);
  });
}
