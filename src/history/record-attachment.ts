// Matches buildx commands/history/inspect_attachment.go.
import { TsbuildxError } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import type { StoredContent } from '../buildkit/content/index.ts';
import { platformName, recordAttachments } from './attachments.ts';
import { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
import { type FoundRecord, openHistory } from './open-history.ts';

export interface RecordAttachmentOptions extends HistoryOptions {
  /** An id, or `^N` for the Nth build before the latest. Default: the latest. */
  readonly ref?: string | undefined;
  /** Of any content of the daemon; then type and platform do not matter. */
  readonly digest?: string | undefined;
  /** `index`, `manifest`, `image`, `provenance`, `sbom`, or a media or predicate type. Default: any. */
  readonly type?: string | undefined;
  /** `linux/amd64`. Default: any. */
  readonly platform?: string | undefined;
}

const TYPES: Readonly<Record<string, readonly string[]>> = {
  index: ['application/vnd.oci.image.index.v1+json'],
  manifest: ['application/vnd.oci.image.manifest.v1+json'],
  image: ['application/vnd.oci.image.config.v1+json'],
  provenance: ['https://slsa.dev/provenance/v1', 'https://slsa.dev/provenance/v0.2'],
  sbom: ['https://spdx.dev/Document'],
};

/**
 * The bytes of an attachment of a build, as they come. Errors: as `openHistory`; NOT_FOUND, RPC_FAILED; PROTOCOL at the end when they
 * were not what their digest says.
 */
export async function* recordAttachment(
  options: RecordAttachmentOptions,
  context: HistoryContext = {},
): AsyncGenerator<Uint8Array> {
  const { signal = new AbortController().signal } = context;
  await using history = await openHistory(await historyQuery(options), context);
  const found = await history.findOne(options.ref ?? '');
  yield* found.node.content.read(await contentOf(found, options, signal), { signal });
}

async function contentOf(
  found: FoundRecord,
  { ref = '', digest, type = '', platform = '' }: RecordAttachmentOptions,
  signal: AbortSignal,
): Promise<StoredContent> {
  if (digest !== undefined) return { digest, size: -1 };
  const types = Object.hasOwn(TYPES, type) ? (TYPES[type] ?? []) : [type];
  const attachment = (await recordAttachments(found, signal)).find(
    (candidate) =>
      (platform === '' || platformName(candidate) === platform) && (type === '' || types.includes(candidate.type)),
  );
  if (attachment !== undefined) return attachment.descriptor;
  throw new TsbuildxError('NOT_FOUND', `no matching attachment found for ref ${goQuote(ref)}`);
}
