// Matches buildx util/imagetools/loader.go scanSBOM and scanProvenance.
import { TsbuildxError } from '../base/errors.ts';
import { member, textMember } from '../base/json-object.ts';
import { type ContentDescriptor, type ImageStore, readJsonDocument } from '../registry/images/index.ts';
import type { PlatformImage } from './load-image.ts';

/** The bill of materials of one image. */
export interface ImageSbom {
  /** The SPDX document in parsed JSON. */
  readonly spdx: unknown;
  /** Of stages and contexts that were scanned as well. */
  readonly additionalSpdxs: readonly unknown[];
}

/** How one image was made. */
export interface ImageProvenance {
  /** The predicate of SLSA in parsed JSON. */
  readonly slsa: unknown;
}

interface Waiting {
  readonly signal: AbortSignal;
}

const GENERIC = 'application/vnd.in-toto+json';
const DSSE = /application\/vnd\.in-toto\..*\+dsse/;
const SPDX = 'https://spdx.dev/Document';
const SLSA = 'https://slsa.dev/provenance/';

/** Undefined when it has none. Throws what reading throws. */
export async function readSbom(
  store: ImageStore,
  { attestations }: PlatformImage,
  options: Waiting,
): Promise<ImageSbom | undefined> {
  const [first, ...others] = attestations.filter((layer) => predicateType(layer) === SPDX);
  if (first === undefined) return undefined;
  const spdx = await readPredicate(store, first, options);
  const additionalSpdxs: unknown[] = [];
  for (const layer of others) additionalSpdxs.push(await readPredicate(store, layer, options));
  return { spdx, additionalSpdxs };
}

/** Undefined when it has none; the last counts. Throws what reading throws. */
export async function readProvenance(
  store: ImageStore,
  { attestations }: PlatformImage,
  options: Waiting,
): Promise<ImageProvenance | undefined> {
  const layer = attestations.findLast((candidate) => predicateType(candidate)?.startsWith(SLSA));
  return layer === undefined ? undefined : { slsa: await readPredicate(store, layer, options) };
}

function predicateType({ mediaType, annotations = {} }: ContentDescriptor): string | undefined {
  return mediaType === GENERIC || DSSE.test(mediaType) ? annotations['in-toto.io/predicate-type'] : undefined;
}

async function readPredicate(store: ImageStore, layer: ContentDescriptor, options: Waiting): Promise<unknown> {
  const document = await readJsonDocument(store, layer, options);
  return member(DSSE.test(layer.mediaType) ? unpack(document, layer.digest) : document, 'predicate');
}

/** A signed statement stands in an envelope; the signature is not looked at. */
function unpack(envelope: object, digest: string): unknown {
  try {
    return JSON.parse(Buffer.from(textMember(envelope, 'payload'), 'base64').toString());
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `the payload of ${digest} is no JSON`, { cause });
  }
}
