// Matches buildx util/imagetools/create.go filterPlatforms.
import { createHash } from 'node:crypto';
import { TsbuildxError } from '../base/errors.ts';
import { type GoJsonValue } from '../base/go-json.ts';
import { goJsonIndented } from '../base/go-json-indent.ts';
import { listMember, member, textMember, textMembers } from '../base/json-object.ts';
import { digestFault, formatPlatform, type Platform, samePlatform } from '../oci/index.ts';
import {
  type Combined,
  type CombineSource,
  type ContentDescriptor,
  descriptorJson,
  isIndexType,
  readContentDescriptor,
} from '../registry/images/index.ts';

/** An image that is made, and the manifests that its index names. */
export interface ChosenImage {
  readonly descriptor: ContentDescriptor;
  readonly bytes: Uint8Array;
  /** The image itself, when it is no index. */
  readonly manifests: readonly ChosenManifest[];
}

export interface ChosenManifest {
  readonly descriptor: ContentDescriptor;
  readonly source: CombineSource;
}

const ATTESTATION = 'application/vnd.docker.attestation.manifest.v1+json';
const REFERENCE_TYPE = 'vnd.docker.reference.type';
const REFERENCE_DIGEST = 'vnd.docker.reference.digest';
const ATTESTATION_MANIFEST = 'attestation-manifest';

/**
 * Leaves in an index the manifests of the platforms, all when none is named, with what attests something of them; what a
 * registry only knows as referring to them is added. Throws INVALID_ARGUMENT, and what reading throws.
 */
export async function choosePlatforms(
  { descriptor, bytes, sources }: Combined,
  platforms: readonly Platform[],
  { signal }: { readonly signal: AbortSignal },
): Promise<ChosenImage> {
  const matches = ({ platform }: ContentDescriptor): boolean =>
    platform === undefined || platforms.length === 0 || platforms.some((wanted) => samePlatform(wanted, platform));
  const sourceOf = (digest: string): CombineSource => {
    const source = sources.get(digest) ?? sources.get(descriptor.digest);
    if (source !== undefined) return source;
    throw new TsbuildxError('INVALID_ARGUMENT', `no source found for ${digest}`);
  };
  if (!isIndexType(descriptor.mediaType)) {
    requirePlatform(descriptor, matches(descriptor));
    return { descriptor, bytes, manifests: [{ descriptor, source: sourceOf(descriptor.digest) }] };
  }
  const index: unknown = JSON.parse(Buffer.from(bytes).toString());
  const entries = (listMember(index, 'manifests') ?? []).map(readContentDescriptor);
  const byDigest = new Map(entries.map((entry) => [entry.digest, entry]));
  const attested = new Set<string>();
  const attestations = new Set<string>();
  for (const entry of entries) {
    const subject = byDigest.get(subjectOf(entry) ?? '');
    if (subject === undefined || !matches(subject)) continue;
    attestations.add(entry.digest);
    attested.add(subject.digest);
  }
  const chosen = entries.filter((entry) => attestations.has(entry.digest) || matches(entry));
  if (chosen.length === 0) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'none of the manifests match the provided platforms');
  }
  const manifests = chosen.map((entry) => ({ descriptor: entry, source: sourceOf(entry.digest) }));
  const bare = manifests.filter(({ descriptor: { digest } }) => !attestations.has(digest) && !attested.has(digest));
  const added = await Promise.all(bare.map((manifest) => attestationOf(manifest, attestations, signal)));
  const listed = [...chosen, ...added.filter((one) => one !== undefined)];
  if (listed.length === entries.length && chosen.length === entries.length) return { descriptor, bytes, manifests };
  const text = Buffer.from(goJsonIndented(indexJson(index, listed)));
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const { mediaType, annotations } = descriptor;
  return { descriptor: { mediaType, digest, size: text.length, annotations }, bytes: text, manifests };
}

function requirePlatform({ platform }: ContentDescriptor, isWanted: boolean): void {
  if (platform === undefined) {
    const what = 'cannot filter platforms from a manifest without platform information';
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  if (isWanted) return;
  const what = `input platform ${formatPlatform(platform)} does not match any of the provided platforms`;
  throw new TsbuildxError('INVALID_ARGUMENT', what);
}

function subjectOf({ annotations = {} }: ContentDescriptor): string | undefined {
  if (annotations[REFERENCE_TYPE] !== ATTESTATION_MANIFEST) return undefined;
  const digest = annotations[REFERENCE_DIGEST];
  return digest === undefined || digestFault(digest) !== undefined ? undefined : digest;
}

/** What attests something of a manifest, though no index names it. */
async function attestationOf(
  { descriptor: { digest }, source }: ChosenManifest,
  known: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<ContentDescriptor | undefined> {
  const found = await source.store.referrers(digest, { artifactType: ATTESTATION, signal });
  const first = found.find((candidate) => !known.has(candidate.digest));
  if (first === undefined) return undefined;
  const annotations = { ...first.annotations, [REFERENCE_TYPE]: ATTESTATION_MANIFEST, [REFERENCE_DIGEST]: digest };
  return { ...first, platform: { os: 'unknown', architecture: 'unknown' }, annotations, artifactType: undefined };
}

/** In Go's order of fields. */
function indexJson(index: unknown, manifests: readonly ContentDescriptor[]): GoJsonValue {
  const annotations = Object.entries(textMembers(member(index, 'annotations')));
  const subject = member(index, 'subject');
  return {
    schemaVersion: Number(member(index, 'schemaVersion') ?? 0),
    mediaType: textMember(index, 'mediaType') || undefined,
    artifactType: textMember(index, 'artifactType') || undefined,
    manifests: manifests.map(descriptorJson),
    subject: subject === undefined ? undefined : descriptorJson(readContentDescriptor(subject)),
    annotations: annotations.length > 0 ? new Map(annotations) : undefined,
  };
}
