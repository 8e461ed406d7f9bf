// Matches buildx commands/imagetools/create.go: what an image is made of, as users name it.
import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import { goQuote } from '../base/go-quote.ts';
import { member, textMember } from '../base/json-object.ts';
import { digestFault } from '../oci/index.ts';
import { type ContentDescriptor, readContentDescriptor } from '../registry/images/index.ts';
import { defaultOf, type ImageLocation, locationWithDigest, parseLocation, placeOf } from './location.ts';

/** A source as it was written: its place, what is known of it, or both. */
export interface WrittenSource {
  readonly text: string;
  readonly location?: ImageLocation | undefined;
  /** The size is 0 and the type empty where only the digest is known. */
  readonly descriptor?: ContentDescriptor | undefined;
}

/** A source with its place. */
export interface PlacedSource {
  readonly location: ImageLocation;
  readonly descriptor?: ContentDescriptor | undefined;
}

/** Reads a reference, a digest, or a descriptor in JSON. Throws INVALID_ARGUMENT. */
export function parseSource(text: string): WrittenSource {
  try {
    return readSource(text);
  } catch (error) {
    const what = `failed to parse source ${goQuote(text)}, valid sources are digests, references and descriptors`;
    throw wrap('INVALID_ARGUMENT', what, error);
  }
}

function readSource(text: string): WrittenSource {
  const fault = digestFault(text);
  if (fault === undefined) return { text, descriptor: { mediaType: '', digest: text, size: 0 } };
  if (text.startsWith('sha256')) throw new TsbuildxError('INVALID_ARGUMENT', fault);
  try {
    return { text, location: parseLocation(text) };
  } catch (error) {
    if (!text.startsWith('{')) throw error;
  }
  return { text, descriptor: parseDescriptor(text) };
}

function parseDescriptor(text: string): ContentDescriptor {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `no JSON: ${messageOf(cause)}`, { cause });
  }
  const version = member(parsed, 'schemaVersion');
  if (typeof version === 'number' && version !== 0) {
    const what = `expected an OCI content descriptor, got a manifest or index (schemaVersion ${version})`;
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  const digest = textMember(parsed, 'digest');
  if (digest === '') throw new TsbuildxError('INVALID_ARGUMENT', 'invalid descriptor: digest is required');
  const fault = digestFault(digest);
  if (fault !== undefined) throw new TsbuildxError('INVALID_ARGUMENT', `invalid descriptor digest: ${fault}`);
  const size = member(parsed, 'size') ?? 0;
  return readContentDescriptor({ ...Object(parsed), size });
}

/** Gives sources without a place the only repository that is named. Throws INVALID_ARGUMENT. */
export function placeSources(sources: readonly WrittenSource[], targets: readonly ImageLocation[]): PlacedSource[] {
  const named = sources.flatMap(({ location }) => location ?? []);
  const repositories = new Set([...targets, ...named].map(placeOf));
  if (repositories.size === 0) {
    const what = 'no repositories specified, please set a reference in tag or source';
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  const only = repositories.size === 1 ? (named[0] ?? targets[0]) : undefined;
  return sources.map(({ text, location, descriptor }) => {
    if (location !== undefined) return { location, descriptor };
    if (only === undefined || descriptor === undefined) {
      const what = `multiple repositories specified, cannot infer repository for ${goQuote(text)}`;
      throw new TsbuildxError('INVALID_ARGUMENT', what);
    }
    if (descriptor.mediaType !== '') return { location: defaultOf(only), descriptor };
    return { location: locationWithDigest(only, descriptor.digest), descriptor };
  });
}

/** What is found under a digest, as the user's descriptor has it. Throws INVALID_ARGUMENT. */
export function mergeDescriptors(found: ContentDescriptor, given: ContentDescriptor): ContentDescriptor {
  if (given.size !== 0 && given.size !== found.size) {
    const what = `invalid size mismatch for ${found.digest}, ${given.size} != ${found.size}`;
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  return {
    ...found,
    mediaType: given.mediaType || found.mediaType,
    annotations: given.annotations ?? found.annotations,
    platform: given.platform ?? found.platform,
  };
}
