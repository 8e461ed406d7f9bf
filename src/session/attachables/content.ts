// Matches BuildKit's session/content: containerd's content service over stores of this machine.
import { type BlobInfo, type OciStore, StoreError, type StoreRefusal } from '../../registry/layout/index.ts';
import {
  type Attachable,
  CallError,
  GrpcStatus,
  messages,
  metadataValues,
  type ServerCall,
  type SessionMethod,
  unaryMethod,
} from '../method.ts';
import {
  CONTENT_SERVICE,
  decodeDigestRequest,
  decodeRefRequest,
  encodeInfoResponse,
  encodeListResponse,
  encodeListStatusesResponse,
  encodeStatusResponse,
} from './content-codec.ts';
import { type ReadMemory, readContent } from './content-read.ts';
import { writeContent } from './content-write.ts';

export interface ContentOptions {
  /**
   * By the id under which the daemon asks: `oci:ID` for the layout that a build's attributes call `oci-layout://ID@…`,
   * `local:DIR` for a local cache, `export` for an image that is exported as a directory.
   */
  readonly stores: ReadonlyMap<string, OciStore>;
}

const STORE_HEADER = 'buildkit-attachable-store-id';
/** Blobs in one message of a list. */
const LIST_BLOCK = 100;
const EMPTY = new Uint8Array();

/**
 * Lets the daemon read blobs of stores, and write to those that are writable. Labels are not kept, and a daemon deletes
 * nothing here: no build asks for either.
 */
export function contentAttachable({ stores }: ContentOptions): Attachable {
  const free: ReadMemory = [];
  const chosen = (call: ServerCall): OciStore => chooseStore(call, stores);
  const unary = (
    name: string,
    respond: (request: Uint8Array, store: OciStore) => Promise<Uint8Array> | Uint8Array,
  ): SessionMethod =>
    unaryMethod(`${CONTENT_SERVICE}/${name}`, (request, call) => refusing(async () => respond(request, chosen(call))));
  const streaming = (name: string, handle: (call: ServerCall, store: OciStore) => Promise<void>): SessionMethod => ({
    path: `${CONTENT_SERVICE}/${name}`,
    handle: (call) => refusing(() => handle(call, chosen(call))),
  });
  return {
    methods: [
      unary('Info', async (bytes, store) => encodeInfoResponse(await requireInfo(store, decodeDigestRequest(bytes)))),
      unary('Update', () => {
        throw new StoreError('failed precondition', 'update not supported on immutable content store');
      }),
      unary('Delete', () => {
        throw new StoreError('failed precondition', 'content of the client cannot be deleted');
      }),
      unary('Status', (bytes, store) => {
        const ref = decodeRefRequest(bytes);
        const ingest = store.ingests.get(ref);
        if (ingest === undefined)
          throw new StoreError('not found', `could not get status for ref ${JSON.stringify(ref)}`);
        return encodeStatusResponse(ingest);
      }),
      unary('ListStatuses', (_, store) => encodeListStatusesResponse([...store.ingests.values()])),
      unary('Abort', async (bytes, store) => {
        await store.ingests.get(decodeRefRequest(bytes))?.[Symbol.asyncDispose]();
        return EMPTY;
      }),
      streaming('List', listContent),
      streaming('Read', (call, store) => readContent(call, store, free)),
      streaming('Write', writeContent),
    ],
  };
}

function chooseStore({ metadata }: ServerCall, stores: ReadonlyMap<string, OciStore>): OciStore {
  const [id] = metadataValues(metadata, STORE_HEADER);
  if (id === undefined) throw new StoreError('invalid argument', `request lacks metadata "${STORE_HEADER}"`);
  const store = stores.get(id);
  if (store === undefined) throw new StoreError('not found', `unknown store ${id}`);
  return store;
}

async function requireInfo(store: OciStore, digest: string): Promise<BlobInfo> {
  const info = await store.info(digest);
  if (info === undefined) throw new StoreError('not found', `content ${digest}`);
  return info;
}

async function listContent(call: ServerCall, store: OciStore): Promise<void> {
  for await (const _ of messages(call)); // filters are about labels
  let block: BlobInfo[] = [];
  for await (const info of store.blobs()) {
    block.push(info);
    if (block.length < LIST_BLOCK) continue;
    await call.send(encodeListResponse(block));
    block = [];
  }
  if (block.length > 0) await call.send(encodeListResponse(block));
}

const statuses: Readonly<Record<StoreRefusal, number>> = {
  'not found': GrpcStatus.NOT_FOUND,
  'already exists': GrpcStatus.ALREADY_EXISTS,
  unavailable: GrpcStatus.UNAVAILABLE,
  'invalid argument': GrpcStatus.INVALID_ARGUMENT,
  'failed precondition': GrpcStatus.FAILED_PRECONDITION,
  'out of range': GrpcStatus.OUT_OF_RANGE,
  'data loss': GrpcStatus.DATA_LOSS,
};

/** Tells the daemon why a store refuses: it acts on the status. */
async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw new CallError(statuses[error.refusal], error.message, { cause: error });
    throw error;
  }
}
