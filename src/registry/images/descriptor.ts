// Matches opencontainers image-spec: descriptors as Go reads them and writes them again.
import type { GoJsonValue } from '../../base/go-json.ts';
import { member, members, textMember, textMembers } from '../../base/json-object.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { digestFault, type Platform } from '../../oci/index.ts';

/** What a manifest or an index says of a blob or a manifest. */
export interface ContentDescriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes; -1 when nobody said. */
  readonly size: number;
  readonly urls?: readonly string[] | undefined;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  /** Base64. */
  readonly data?: string | undefined;
  readonly platform?: Platform | undefined;
  readonly artifactType?: string | undefined;
}

/** Reads parsed JSON; unknown members are left out, as Go does. Throws PROTOCOL. */
export function readContentDescriptor(value: unknown): ContentDescriptor {
  const digest = textMember(value, 'digest');
  const fault = digestFault(digest);
  if (fault !== undefined)
    throw new TsbuildxError('PROTOCOL', `descriptor with digest ${JSON.stringify(digest)}: ${fault}`);
  const size = member(value, 'size');
  if (typeof size !== 'number' || !Number.isSafeInteger(size)) {
    throw new TsbuildxError('PROTOCOL', `the descriptor of ${digest} has no size`);
  }
  const urls = textsOf(member(value, 'urls'));
  const annotations = textMembers(member(value, 'annotations'));
  const platform = member(value, 'platform');
  return {
    mediaType: textMember(value, 'mediaType'),
    digest,
    size,
    urls: urls.length > 0 ? urls : undefined,
    annotations: Object.keys(annotations).length > 0 ? annotations : undefined,
    data: textMember(value, 'data') || undefined,
    platform: members(platform).length > 0 ? readPlatform(platform) : undefined,
    artifactType: textMember(value, 'artifactType') || undefined,
  };
}

/** The platform in parsed JSON: of a descriptor, or an image config. */
export function readPlatform(value: unknown): Platform {
  const features = textsOf(member(value, 'os.features'));
  return {
    os: textMember(value, 'os'),
    architecture: textMember(value, 'architecture'),
    variant: textMember(value, 'variant') || undefined,
    osVersion: textMember(value, 'os.version') || undefined,
    osFeatures: features.length > 0 ? features : undefined,
  };
}

/** The descriptor in Go's order of fields, for `goJson`. */
export function descriptorJson(descriptor: ContentDescriptor): GoJsonValue {
  const { mediaType, digest, size, urls, annotations, data, platform, artifactType } = descriptor;
  const hasAnnotations = annotations !== undefined && Object.keys(annotations).length > 0;
  return {
    mediaType,
    digest,
    size,
    urls,
    annotations: hasAnnotations ? new Map(Object.entries(annotations)) : undefined,
    data,
    platform: platform === undefined ? undefined : platformJson(platform),
    artifactType,
  };
}

function platformJson({ architecture, os, osVersion, osFeatures, variant }: Platform): GoJsonValue {
  return { architecture, os, 'os.version': osVersion, 'os.features': osFeatures, variant };
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text) => typeof text === 'string') : [];
}
