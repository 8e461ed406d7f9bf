// Matches buildx commands/imagetools/create.go runCreate.
import { TsbuildxError, wrap } from '../base/errors.ts';
import { compareUtf8 } from '../base/go-json.ts';
import { goQuote } from '../base/go-quote.ts';
import { createClientSteps, type SolveStatus } from '../buildkit/control/index.ts';
import { parsePlatform, type Platform } from '../oci/index.ts';
import {
  combineImages,
  type CombineSource,
  type ContentDescriptor,
  type IndexAnnotation,
} from '../registry/images/index.ts';
import type { Annotation } from '../values/index.ts';
import { choosePlatforms, type ChosenImage } from './filter-platforms.ts';
import { type ImagePlaces, type ImageSettings, openPlaces } from './image-places.ts';
import { mergeDescriptors, parseSource, type PlacedSource, placeSources } from './image-source.ts';
import { type ImageLocation, locationWithDigest, parseLocation, placeOf } from './location.ts';
import { pushImage } from './push-image.ts';

export interface CreateImageOptions extends ImageSettings {
  /** References, digests, or descriptors in JSON; a reference may be `oci-layout://PATH[:TAG][@DIGEST]`. */
  readonly sources?: readonly string[] | undefined;
  /** What the new image is called, in one repository or several. */
  readonly tags?: readonly string[] | undefined;
  /** What the first tag stands for comes before the sources. Default false. */
  readonly append?: boolean | undefined;
  /** `os/arch[/variant]`; what is for others is left out. Default: all. */
  readonly platforms?: readonly string[] | undefined;
  /** Of the type `index` or `manifest-descriptor`. */
  readonly annotations?: readonly Annotation[] | undefined;
  /** A lone image becomes an index. Default true. */
  readonly preferIndex?: boolean | undefined;
  /** Nothing is written. Default false. */
  readonly dryRun?: boolean | undefined;
}

export interface CreateImageContext {
  readonly signal?: AbortSignal | undefined;
  /** Told of the steps: one for each repository. */
  readonly onStatus?: ((status: SolveStatus) => void) | undefined;
  /** Told of credentials that could not be read, and the like. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** The image that was made. */
export interface CreatedImage {
  readonly descriptor: ContentDescriptor;
  /** The manifest or index, as it was written. */
  readonly bytes: Uint8Array;
  /** The repositories that have it, sorted. */
  readonly repositories: readonly string[];
}

/**
 * Makes one image of several, or brings an image elsewhere: contents are mounted where one registry has them, else copied,
 * and the tags are written last. Nothing is sent to a daemon.
 * Errors: INVALID_ARGUMENT, NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, IO, CANCELED.
 */
export async function createImage(
  options: CreateImageOptions,
  context: CreateImageContext = {},
): Promise<CreatedImage> {
  const { signal = new AbortController().signal, onStatus = (): void => {}, onWarning = (): void => {} } = context;
  const { sources = [], tags = [], append = false, preferIndex = true, dryRun = false, ...settings } = options;
  if (sources.length === 0) throw new TsbuildxError('INVALID_ARGUMENT', 'no sources specified');
  if (!dryRun && tags.length === 0) {
    const what = "can't push with no tags specified, please set --tag or --dry-run";
    throw new TsbuildxError('INVALID_ARGUMENT', what);
  }
  const targets = tags.map(parseLocation);
  const written = [...(append ? tags.slice(0, 1) : []), ...sources].map(parseSource);
  const platforms = (options.platforms ?? []).flatMap(parsePlatforms);
  const placed = placeSources(written, targets);
  await using places = await openPlaces(settings, onWarning);
  const found = await Promise.all(placed.map((source) => findSource(source, places, signal)));
  const annotations = (options.annotations ?? []).map(indexAnnotation);
  const combined = await combineImages(found, { annotations, preferIndex, signal });
  const image = await choosePlatforms(combined, platforms, { signal });
  const { descriptor, bytes } = image;
  const byRepository = Map.groupBy(targets, placeOf);
  const created = { descriptor, bytes, repositories: [...byRepository.keys()].toSorted(compareUtf8) };
  if (!dryRun) await pushEverywhere(image, { byRepository, placed, found, places, onStatus, signal });
  return created;
}

interface Pushing {
  readonly byRepository: ReadonlyMap<string, readonly ImageLocation[]>;
  readonly placed: readonly PlacedSource[];
  readonly found: readonly CombineSource[];
  readonly places: ImagePlaces;
  readonly onStatus: (status: SolveStatus) => void;
  readonly signal: AbortSignal;
}

async function pushEverywhere(image: ChosenImage, pushing: Pushing): Promise<void> {
  const { byRepository, placed, found, places, onStatus, signal } = pushing;
  const ended = new AbortController();
  const steps = createClientSteps(onStatus);
  const both = AbortSignal.any([signal, ended.signal]);
  /** The first source of that place and digest, for messages. */
  const locations = new Map(
    found.map(({ store, descriptor }, at) => [`${store.name} ${descriptor.digest}`, placed[at]]),
  );
  const locationOf = ({ store, descriptor }: CombineSource): ImageLocation | undefined =>
    locations.get(`${store.name} ${descriptor.digest}`)?.location;
  const done = await Promise.allSettled(
    [...byRepository].map(async ([repository, tags]) => {
      try {
        await pushImage(image, { repository, tags, places, locationOf, steps, signal: both });
      } catch (error) {
        ended.abort(error);
        throw error;
      }
    }),
  );
  // those that were only told to stop say nothing new
  if (ended.signal.aborted) throw ended.signal.reason;
  for (const one of done) if (one.status === 'rejected') throw one.reason;
}

async function findSource(
  { location, descriptor }: PlacedSource,
  places: ImagePlaces,
  signal: AbortSignal,
): Promise<CombineSource> {
  const store = places.store(location);
  if (descriptor !== undefined && descriptor.mediaType !== '' && descriptor.size > 0) return { descriptor, store };
  const asked = descriptor === undefined ? location : locationWithDigest(location, descriptor.digest);
  const found = await places.resolve(asked, { signal });
  return { descriptor: descriptor === undefined ? found : mergeDescriptors(found, descriptor), store };
}

function parsePlatforms(text: string): Platform[] {
  return text.split(',').map((part) => {
    try {
      return parsePlatform(part);
    } catch (error) {
      throw wrap('INVALID_ARGUMENT', `invalid platform ${goQuote(part)}`, error);
    }
  });
}

function indexAnnotation({ type, platform, key, value }: Annotation): IndexAnnotation {
  if (type === undefined || type === 'manifest') {
    throw new TsbuildxError('INVALID_ARGUMENT', `${goQuote(type ?? '')} annotations are not supported yet`);
  }
  if (type === 'index-descriptor') {
    throw new TsbuildxError('INVALID_ARGUMENT', `${goQuote(type)} annotations are invalid while creating an image`);
  }
  return { type, platform: platform === undefined ? undefined : parsePlatform(platform), key, value };
}
