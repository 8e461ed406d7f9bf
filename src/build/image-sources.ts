// Where image configs come from when there is no daemon to ask.
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { members } from '../base/json-object.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import {
  formatPlatform,
  formatPlatformFully,
  formatReference,
  parseNormalizedReference,
  type Platform,
  withDefaultTag,
} from '../oci/index.ts';
import { openRegistryClient } from '../builder/index.ts';

/** Finds images; `ref` is a full reference. An empty digest leaves the reference as it is. */
export type ImageSource = (
  ref: string,
  platform: Platform,
  options: { readonly signal: AbortSignal },
) => Promise<{ readonly digest: string; readonly config: Uint8Array }>;

/** Asks the registries, with the user's credentials. */
export function registryImages(
  config: DockerConfig,
  env: Readonly<Record<string, string | undefined>>,
  onWarning: (message: string) => void,
): ImageSource {
  const opening = openRegistryClient({ config, env, onWarning });
  return async (ref, platform, options) => {
    try {
      const { fetchImageConfig } = await import('../registry/images/index.ts');
      return await fetchImageConfig(await opening, parseNormalizedReference(ref), platform, options);
    } catch (error) {
      options.signal.throwIfAborted();
      const advice = 'give its config with --resolve FILE.json, or do without any with --resolve none';
      const code = error instanceof TsbuildxError ? error.code : 'TRANSPORT';
      throw new TsbuildxError(code, `${messageOf(error)} (${advice})`, { cause: error });
    }
  };
}

/** Every image is one of which nothing is known. */
export const unknownImages: ImageSource = async (ref, { os, architecture, variant }) => {
  const history = [{ created_by: `FROM ${ref}` }]; // without any, the image would count as empty
  const config = { os, architecture, variant, rootfs: { type: 'layers', diff_ids: [] }, history };
  return { digest: '', config: Buffer.from(JSON.stringify(config)) };
};

/**
 * Images by reference: `alpine:3`, `alpine:3|linux/arm64`, `*` for all others, `*|PLATFORM`. A value is the image's
 * config, or `{"$digest": …, "$config": …}` to pin it as well. The most specific entry wins.
 */
export function listedImages(table: unknown): ImageSource {
  const entries = new Map(members(table).map(([key, value]) => [fullKey(key), value]));
  return async (ref, platform) => {
    const platforms = [formatPlatformFully(platform), formatPlatform(platform)];
    const keys = [ref, '*'].flatMap((name) => [...platforms.map((text) => `${name}|${text}`), name]);
    const found = keys.map((key) => entries.get(key)).find((entry) => entry !== undefined);
    if (found === undefined) {
      throw new TsbuildxError('NOT_FOUND', `${ref} for ${platforms[0]} is not among the images given with --resolve`);
    }
    const { $digest: digest = '', $config: config = found } = Object.fromEntries(members(found));
    if (typeof digest !== 'string') throw new TsbuildxError('INVALID_ARGUMENT', `${ref}: $digest is no text`);
    return { digest, config: Buffer.from(JSON.stringify(config)) };
  };
}

function fullKey(key: string): string {
  const [name = '', ...platform] = key.split('|');
  const full = name === '*' ? name : formatReference(withDefaultTag(parseNormalizedReference(name)));
  return [full, ...platform].join('|');
}
