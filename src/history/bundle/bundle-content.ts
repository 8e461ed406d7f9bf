// Matches buildx util/desktop/bundle/export.go: a record is the config of a manifest, and what it names are the layers.
import { createHash } from 'node:crypto';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import type { GoJsonValue } from '../../base/go-json.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import type { ContentClient } from '../../buildkit/content/index.ts';
import type { HistoryRecord, ResultInfo } from '../../buildkit/control/index.ts';
import { digestFault } from '../../oci/index.ts';
import { type ContentDescriptor, descriptorJson, OCI_INDEX, OCI_MANIFEST } from '../../registry/images/index.ts';
import { type RecordPlace, recordJson } from './record-json.ts';
import { TRACE_LIMIT } from '../trace-json.ts';
import { sanitizeTrace } from './sanitize-trace.ts';

const RECORD_TYPE = 'application/vnd.buildkit.historyrecord.v0';
/** Annotation that keeps the type of what a build gave. */
const RESULT_TYPE = 'vnd.export-build.descriptor.mediatype';
/** Annotation of a record's manifest among others. */
const REFERENCE = 'vnd.buildkit.history.reference';

/** One blob of a bundle. */
export interface BundleBlob {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  /** Checks size and digest while it reads. */
  readonly read: () => AsyncIterable<Uint8Array>;
}

/** A record to be bundled, and where its content is. */
export interface BundledRecord extends RecordPlace {
  readonly record: HistoryRecord;
  readonly content: ContentClient;
}

/** What `root` names, itself among it. */
export interface BundleContent {
  readonly root: ContentDescriptor;
  readonly blobs: readonly BundleBlob[];
}

/** Rejects with RpcError where the daemon lacks what a record names, PROTOCOL, CANCELED. */
export async function bundleContent(
  records: readonly BundledRecord[],
  { signal }: { readonly signal: AbortSignal },
): Promise<BundleContent> {
  const parts: BundleContent[] = [];
  for (const record of records) {
    try {
      parts.push(await recordContent(record, signal));
    } catch (error) {
      throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to export record', error);
    }
  }
  const [only] = parts;
  if (only !== undefined && parts.length === 1) return only;
  const manifests = parts.map(({ root }, at) =>
    descriptorJson({ ...root, annotations: { [REFERENCE]: records[at]?.record.ref ?? '' } }),
  );
  const index = jsonBlob(OCI_INDEX, { schemaVersion: 2, mediaType: OCI_INDEX, manifests });
  return { root: index.root, blobs: parts.flatMap(({ blobs }) => blobs).concat(index.blobs) };
}

async function recordContent(bundled: BundledRecord, signal: AbortSignal): Promise<BundleContent> {
  const { record, content } = bundled;
  const layers: ContentDescriptor[] = [];
  const blobs: BundleBlob[] = [];
  const seen = new Set<string>();
  /** Undefined for what was added before. */
  const add = async (descriptor: ContentDescriptor, what: string): Promise<ContentDescriptor | undefined> => {
    const { digest, size } = descriptor;
    if (seen.has(digest)) return undefined;
    seen.add(digest);
    try {
      const fault = digestFault(digest);
      if (fault !== undefined) throw wrap('PROTOCOL', 'failed to parse digest', fault);
      await content.info(digest, { signal });
    } catch (error) {
      throw wrap(error instanceof TsbuildxError ? error.code : 'IO', `failed to load ${what} descriptor`, error);
    }
    blobs.push({ digest, size, read: () => content.read({ digest, size }, { signal }) });
    return descriptor;
  };
  const addResult = async ({ attestations, results }: ResultInfo): Promise<void> => {
    for (const attestation of attestations) layers.push(...only(await add(attestation, 'attestation')));
    for (const result of results.values()) {
      const added = await add(result, 'result');
      // Nobody shall look for what an image consists of.
      if (added !== undefined) {
        const annotations = { ...added.annotations, [RESULT_TYPE]: added.mediaType };
        layers.push({ ...added, mediaType: 'application/json', annotations });
      }
    }
  };

  const trace = record.trace && (await traceBlob(record.trace, content, signal));
  if (trace !== undefined) {
    layers.push(trace.root);
    blobs.push(...trace.blobs);
  }
  const config = jsonBlob(RECORD_TYPE, recordJson(record, trace?.described, bundled));
  if (record.logs !== undefined) layers.push(...only(await add(record.logs, 'logs')));
  if (record.result !== undefined) await addResult(record.result);
  if (record.externalError !== undefined) layers.push(...only(await add(record.externalError, 'external error')));
  for (const result of Object.values(record.results)) await addResult(result);
  const manifest = jsonBlob(OCI_MANIFEST, {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    config: descriptorJson(config.root),
    layers: layers.length === 0 ? null : layers.map(descriptorJson),
  });
  return { root: manifest.root, blobs: [...blobs, ...config.blobs, ...manifest.blobs] };
}

function only<T>(value: T | undefined): T[] {
  return value === undefined ? [] : [value];
}

interface TraceContent extends BundleContent {
  /** As the record names it. */
  readonly described: ContentDescriptor;
}

async function traceBlob(trace: ContentDescriptor, content: ContentClient, signal: AbortSignal): Promise<TraceContent> {
  try {
    const bytes = await content.readAll(trace, { limit: TRACE_LIMIT, signal });
    const blob = bytesBlob(trace.mediaType, Buffer.from(sanitizeTrace(Buffer.from(bytes).toString())));
    const { digest, size } = blob.root;
    return { ...blob, described: { ...trace, digest, size } };
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to sanitize trace', error);
  }
}

function jsonBlob(mediaType: string, value: GoJsonValue): BundleContent {
  return bytesBlob(mediaType, Buffer.from(goJsonIndented(value)));
}

function bytesBlob(mediaType: string, bytes: Uint8Array): BundleContent {
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const size = bytes.length;
  return {
    root: { mediaType, digest, size },
    blobs: [
      {
        digest,
        size,
        async *read() {
          yield bytes;
        },
      },
    ],
  };
}
