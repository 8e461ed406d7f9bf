import { TsbuildxError } from '../../base/errors.ts';
import { type JsonObject, member, textMember, textMembers } from '../../base/json-object.ts';
import { parseDigest } from '../../oci/index.ts';

/** What an OCI document says of a blob. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A descriptor in parsed JSON; throws PROTOCOL when it is none. */
export function readDescriptor(value: unknown): Descriptor {
  const size = member(value, 'size');
  const digest = parseDigest(textMember(value, 'digest'));
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new TsbuildxError('PROTOCOL', `the descriptor of ${digest} has no size`);
  }
  return {
    mediaType: textMember(value, 'mediaType'),
    digest,
    size,
    annotations: textMembers(member(value, 'annotations')),
  };
}

/** The descriptor as Go writes it, with other annotations; members of the original that are not ours are kept. */
export function withAnnotations(original: JsonObject, annotations: ReadonlyMap<string, string>): JsonObject {
  const { mediaType, digest, size, urls, annotations: _, ...rest } = original;
  return { mediaType, digest, size, urls, annotations: annotations.size > 0 ? annotations : undefined, ...rest };
}
