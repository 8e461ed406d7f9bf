// Matches frontend/dockerui/build.go: what a build of one or more platforms gives back to the daemon.
import { wrap } from '../../base/errors.ts';
import { goJson, type GoJsonValue } from '../../base/go-json.ts';
import { formatPlatformFully, normalizePlatform, type Platform } from '../../oci/index.ts';
import { encodeImage, type ImageConfig } from '../convert/index.ts';
import type { FrontendAttestation, FrontendResult, GatewayRef } from './gateway.ts';

export interface PlatformResult {
  /** The platform that was asked for; undefined: none was. */
  readonly asked: Platform | undefined;
  readonly ref: GatewayRef | undefined;
  readonly attestations: readonly FrontendAttestation[];
  readonly image: ImageConfig;
  readonly baseImage: ImageConfig | undefined;
  /** Seconds. */
  readonly epoch: bigint | undefined;
}

export function frontendResult(
  results: readonly PlatformResult[],
  options: { readonly isMultiPlatform: boolean; readonly hostPlatform: Platform },
): FrontendResult {
  const { isMultiPlatform } = options;
  const metadata = new Map<string, Uint8Array>();
  const refs = new Map<string, GatewayRef | undefined>();
  const attestations = new Map<string, readonly FrontendAttestation[]>();
  const platforms: GoJsonValue[] = [];
  for (const result of results) {
    const { asked, ref, image, baseImage, epoch } = result;
    const platform = normalizePlatform(asked ?? options.hostPlatform);
    const id = formatPlatformFully(platform);
    if (result.attestations.length > 0) attestations.set(id, result.attestations);
    const add = (key: string, value: string): void => {
      metadata.set(isMultiPlatform ? `${key}/${id}` : key, Buffer.from(value));
    };
    add('containerimage.config', imageJson(image));
    if (baseImage !== undefined) add('containerimage.base.config', encodeImage(baseImage));
    if (epoch !== undefined) add('source.date.epoch', String(epoch));
    refs.set(id, ref);
    platforms.push({ ID: id, Platform: platformJson(extendWindows(platform, image)) });
  }
  metadata.set('refs.platforms', Buffer.from(goJson({ Platforms: platforms })));
  return { ...(isMultiPlatform ? { refs } : { ref: results[0]?.ref }), attestations, metadata };
}

function imageJson(image: ImageConfig): string {
  try {
    return encodeImage(image);
  } catch (error) {
    throw wrap('DOCKERFILE', 'failed to marshal image config', error);
  }
}

/** A Windows image runs on the version of Windows that its base was made for. */
function extendWindows(platform: Platform, image: ImageConfig): Platform {
  if (platform.os !== 'windows' || image.os !== 'windows') return platform;
  return normalizePlatform({
    ...platform,
    osVersion: platform.osVersion || image.osVersion || undefined,
    osFeatures: platform.osFeatures ?? (image.osFeatures.length > 0 ? image.osFeatures : undefined),
  });
}

function platformJson({ architecture, os, osVersion, osFeatures, variant }: Platform): GoJsonValue {
  return {
    architecture,
    os,
    'os.version': osVersion || undefined,
    'os.features': osFeatures?.length ? osFeatures : undefined,
    variant: variant || undefined,
  };
}
