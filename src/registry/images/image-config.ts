import { TsbuildxError } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';
import {
  compatiblePlatforms,
  formatPlatformFully,
  formatReference,
  type NormalizedReference,
  normalizePlatform,
  type Platform,
  samePlatform,
} from '../../oci/index.ts';
import type { Content, RegistryClient } from './client.ts';

/** What a build needs to know of an image. */
export interface ImageInfo {
  /** Of the index when there is one, as builds pin it. */
  readonly digest: string;
  readonly config: Uint8Array;
}

/** Finds the image for a platform. Throws as the client does, and NOT_FOUND when there is none for it. */
export async function fetchImageConfig(
  client: RegistryClient,
  reference: NormalizedReference,
  platform: Platform,
  options: { readonly signal: AbortSignal },
): Promise<ImageInfo> {
  const top = await client.manifest(reference, options);
  const entries = member(parseJson(top), 'manifests');
  const manifest = Array.isArray(entries)
    ? await client.manifest({ ...reference, digest: choose(entries, platform, reference) }, options)
    : top;
  const config = textMember(member(parseJson(manifest), 'config'), 'digest');
  if (config === '') throw new TsbuildxError('PROTOCOL', `${formatReference(reference)}: the manifest has no config`);
  return { digest: top.digest, config: (await client.blob(reference, config, options)).bytes };
}

/** The digest of the best entry of an index. */
function choose(entries: readonly unknown[], platform: Platform, reference: NormalizedReference): string {
  for (const wanted of compatiblePlatforms(normalizePlatform(platform))) {
    const entry = entries.find((candidate) => samePlatform(wanted, normalizePlatform(platformOf(candidate))));
    if (entry !== undefined) return textMember(entry, 'digest');
  }
  throw new TsbuildxError('NOT_FOUND', `${formatReference(reference)}: no image for ${formatPlatformFully(platform)}`);
}

function platformOf(entry: unknown): Platform {
  const platform = member(entry, 'platform');
  return {
    os: textMember(platform, 'os'),
    architecture: textMember(platform, 'architecture'),
    variant: textMember(platform, 'variant') || undefined,
    osVersion: textMember(platform, 'os.version') || undefined,
  };
}

function parseJson({ bytes, digest }: Content): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString());
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `the manifest ${digest} is no JSON`, { cause });
  }
}
