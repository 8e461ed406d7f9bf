// Matches containerd's plugins/services/content/contentserver Write: one blob a call, a response for each request.
import { TsbuildxError } from '../../base/errors.ts';
import { type Ingest, type OciStore, StoreError } from '../../registry/layout/index.ts';
import { messages, type ServerCall } from '../method.ts';
import { decodeWriteRequest, encodeWriteResponse, type WriteRequest, type WriteResponse } from './content-codec.ts';

/** Takes a blob of the daemon. Nothing of it is left when the call ends before it is committed. */
export async function writeContent(call: ServerCall, store: OciStore): Promise<void> {
  let writing: Writing | undefined;
  try {
    for await (const message of messages(call)) {
      const request = decodeWriteRequest(message);
      if (request === undefined) throw new StoreError('invalid argument', 'unknown action');
      writing ??= { ingest: await begin(store, request), total: request.total, expected: request.expected };
      if (request.total > 0) writing.total = request.total;
      if (request.expected !== '') {
        writing.expected = request.expected;
        await store.refusePresent(writing);
      }
      await call.send(encodeWriteResponse(await take(writing, request)));
      if (request.action === 'commit') return;
    }
  } finally {
    await writing?.ingest[Symbol.asyncDispose]();
  }
}

interface Writing {
  readonly ingest: Ingest;
  total: number;
  expected: string;
}

async function begin(store: OciStore, { ref, total, expected }: WriteRequest): Promise<Ingest> {
  if (ref === '') throw new StoreError('invalid argument', 'first message must have a reference');
  return await store.ingest(ref, { total, expected });
}

async function take(writing: Writing, { action, offset, data }: WriteRequest): Promise<WriteResponse> {
  const { ingest, total, expected } = writing;
  if (action === 'stat') {
    const { digest, startedAt, updatedAt } = ingest;
    return { action, offset: ingest.offset, digest, stat: { startedAt, updatedAt, total } };
  }
  if (offset > 0 && offset !== ingest.offset) {
    throw new StoreError('out of range', `write @${offset} must occur at current offset ${ingest.offset}`);
  }
  if (offset < 0 || !Number.isSafeInteger(offset)) throw new TsbuildxError('PROTOCOL', 'invalid offset of a write');
  if (offset === 0 && ingest.offset > 0) await ingest.restart();
  if (data.length > 0) await ingest.write(data);
  const digest = action === 'commit' ? await ingest.commit({ total, expected }) : ingest.digest;
  return { action, offset: ingest.offset, digest };
}
