import type { Platform } from '../../oci/index.ts';
import type { ImageConfig } from './image-config.ts';
import type { ConvertOptions } from './options.ts';

export interface PlatformChoice {
  readonly targetPlatform: Platform;
  readonly buildPlatforms: readonly Platform[];
  /** No target platform was asked for. */
  readonly isImplicitTarget: boolean;
}

export function choosePlatforms({ targetPlatform, buildPlatforms }: ConvertOptions): PlatformChoice {
  const [preferred] = buildPlatforms;
  if (targetPlatform !== undefined) {
    return { targetPlatform, buildPlatforms: preferred ? buildPlatforms : [targetPlatform], isImplicitTarget: false };
  }
  if (preferred === undefined) throw new TypeError('no build platform');
  return { targetPlatform: preferred, buildPlatforms, isImplicitTarget: true };
}

/** The platform of an image that came although another was preferred, when the builder can run it. */
export function detectPlatform(image: ImageConfig, target: Platform, supported: readonly Platform[]): Platform {
  const fits = ({ os, architecture }: Platform): boolean => os === image.os && architecture === image.architecture;
  return fits(target) ? target : (supported.find(fits) ?? target);
}
