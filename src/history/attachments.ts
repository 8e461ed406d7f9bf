// Matches buildx commands/history/inspect.go allAttachments and walkAttachments.
import { listMember } from '../base/json-object.ts';
import { compareUtf8 } from '../base/go-json.ts';
import type { ResultInfo } from '../buildkit/control/index.ts';
import { formatPlatformFully, parsePlatform, type Platform } from '../oci/index.ts';
import { type ContentDescriptor, isIndexType, readContentDescriptor } from '../registry/images/index.ts';
import type { FoundRecord, HistoryNode } from './open-history.ts';

/** Content of the daemon that belongs to a build: indexes, manifests, attestations. */
export interface RecordAttachment {
  readonly descriptor: ContentDescriptor;
  /** Undefined where there is but one platform. */
  readonly platform: Platform | undefined;
  /** Of an attestation the type of its predicate, else the media type. */
  readonly type: string;
}

/** Bytes of an index that are read at most. */
const MAX_INDEX = 4 << 20;

/**
 * All attachments of a build that its daemon still has, by platform and type. Rejects with INVALID_ARGUMENT (a platform that is none)
 * and CANCELED.
 */
export async function recordAttachments(
  { node, record }: Pick<FoundRecord, 'node' | 'record'>,
  signal: AbortSignal,
): Promise<readonly RecordAttachment[]> {
  const results: [ResultInfo, Platform | undefined][] = Object.entries(record.results).map(([id, result]) => [
    result,
    parsePlatform(id),
  ]);
  if (record.result !== undefined) results.unshift([record.result, undefined]);
  const found: RecordAttachment[] = [];
  for (const [{ attestations, results: images }, platform] of results) {
    found.push(...attestations.map((attestation) => attachment(attestation, platform)));
    for (const image of images.values()) found.push(...(await walk(node, image, platform, signal)));
  }
  return found.toSorted(
    (a, b) => compareUtf8(platformName(a) ?? '', platformName(b) ?? '') || compareUtf8(a.type, b.type),
  );
}

/** Undefined where there is but one. */
export function platformName({ platform }: RecordAttachment): string | undefined {
  return platform && formatPlatformFully(platform);
}

function attachment(descriptor: ContentDescriptor, platform: Platform | undefined): RecordAttachment {
  const type = descriptor.annotations?.['in-toto.io/predicate-type'] ?? descriptor.mediaType;
  return { descriptor, platform, type };
}

/** `walked`: indexes that have been looked into. */
async function walk(
  node: HistoryNode,
  descriptor: ContentDescriptor,
  platform: Platform | undefined,
  signal: AbortSignal,
  walked: Set<string> = new Set(),
): Promise<readonly RecordAttachment[]> {
  const { digest, mediaType, annotations } = descriptor;
  const isThere = await unlessFailed(node.content.info(digest, { signal }), signal);
  if (isThere === undefined) return [];
  const isAttestation = annotations?.['vnd.docker.reference.type'] === 'attestation-manifest';
  const own = isAttestation ? [] : [attachment(descriptor, platform)];
  if (!isIndexType(mediaType) || walked.has(digest)) return own;
  walked.add(digest);
  const bytes = await unlessFailed(node.content.readAll(descriptor, { limit: MAX_INDEX, signal }), signal);
  const inner: RecordAttachment[] = [];
  for (const entry of entriesOf(bytes)) {
    inner.push(...(await walk(node, entry, entry.platform ?? platform, signal, walked)));
  }
  return [...own, ...inner];
}

/** What the daemon no longer has, or has broken, is no attachment. */
async function unlessFailed<T>(call: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (signal.aborted) throw error;
    return undefined;
  }
}

function entriesOf(bytes: Uint8Array | undefined): readonly ContentDescriptor[] {
  try {
    return (listMember(JSON.parse(Buffer.from(bytes ?? []).toString()), 'manifests') ?? []).map(readContentDescriptor);
  } catch {
    return [];
  }
}
