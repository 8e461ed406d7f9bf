import { TsbuildxError, wrap } from '../base/errors.ts';
import type { ClientSteps } from '../buildkit/control/index.ts';
import type { CombineSource } from '../registry/images/index.ts';
import { createImageCopier } from './copy-images.ts';
import type { ChosenImage } from './filter-platforms.ts';
import type { ImagePlaces } from './image-places.ts';
import { formatLocation, type ImageLocation, requireTargetDigest } from './location.ts';

export interface PushTarget {
  readonly repository: string;
  /** All of that repository. */
  readonly tags: readonly ImageLocation[];
  readonly places: ImagePlaces;
  /** What the user called a source. */
  readonly locationOf: (source: CombineSource) => ImageLocation | undefined;
  readonly steps: ClientSteps;
  readonly signal: AbortSignal;
}

/** Brings an image into one repository, in a step of its own; the tags are written when all else is there. */
export async function pushImage({ descriptor, bytes, manifests }: ChosenImage, target: PushTarget): Promise<void> {
  const { repository, tags, places, locationOf, steps, signal } = target;
  const [seed] = tags;
  if (seed === undefined) return;
  const store = places.store(seed);
  const { digest } = descriptor;
  await steps.run(`[internal] pushing ${repository}`, async (_, __, log) => {
    const tell = (text: string): void => log(1, Buffer.from(`${text}\n`));
    const copier = createImageCopier(store, { signal });
    await Promise.all(
      manifests.map(async (manifest) => {
        const location = locationOf(manifest.source);
        const from = location === undefined ? manifest.source.store.name : formatLocation(location);
        tell(`copying ${manifest.descriptor.digest} from ${from} to ${repository}`);
        await copier
          .copy(manifest.descriptor, manifest.source.store)
          .catch(explain(`copy ${manifest.descriptor.digest} from ${from} to ${formatLocation(seed)}`));
      }),
    );
    const content = async function* (): AsyncGenerator<Uint8Array> {
      yield bytes;
    };
    for (const location of tags) {
      const name = formatLocation(location);
      tell(`pushing ${digest} to ${name}`);
      const { tag } = location.reference;
      const publish = async (): Promise<void> => {
        requireTargetDigest(location, digest);
        await store.write(descriptor, content, { tag, isRoot: true, signal });
        for (const [subject, found] of copier.referrers) await store.linkReferrers(subject, found, { signal });
      };
      await publish().catch(explain(`publish ${digest} to ${name}`));
    }
  });
}

function explain(what: string): (error: unknown) => never {
  return (error) => {
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', what, error);
  };
}
