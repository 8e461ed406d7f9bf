import { fromLong, pb } from '../proto/index.ts';
import type { Platform } from '../oci/index.ts';
import type { OpInput } from './vertex.ts';

/** What an encoded op says of its place in the graph. */
export interface OpLinks {
  readonly inputs: readonly OpInput[];
  readonly platform: Platform | undefined;
}

export function readOpLinks(bytes: Uint8Array): OpLinks {
  const { inputs, platform } = pb.Op.decode(bytes);
  return {
    inputs: inputs.map(({ digest, index }) => ({ digest: digest ?? '', index: Number(fromLong(index)) })),
    platform: platform
      ? {
          os: platform.OS ?? '',
          architecture: platform.Architecture ?? '',
          variant: platform.Variant || undefined,
          osVersion: platform.OSVersion || undefined,
          osFeatures: platform.OSFeatures?.length ? platform.OSFeatures : undefined,
        }
      : undefined,
  };
}
