// Matches buildx util/imagetools/location.go: an image in a registry, or in an OCI layout of this machine.
import { TsbuildxError } from '../base/errors.ts';
import {
  formatLayoutReference,
  formatReference,
  type LayoutReference,
  type NormalizedReference,
  parseLayoutReference,
  parseNormalizedReference,
  repositoryOf,
  withDefaultTag,
  withDigest,
} from '../oci/index.ts';

/** Where one image is. */
export type ImageLocation =
  | { readonly kind: 'registry'; readonly reference: NormalizedReference }
  | { readonly kind: 'layout'; readonly reference: LayoutReference };

/** Parses `NAME[:TAG][@DIGEST]` or `oci-layout://PATH[:TAG][@DIGEST]`. Throws INVALID_ARGUMENT. */
export function parseLocation(text: string): ImageLocation {
  const layout = parseLayoutReference(text);
  if (layout !== undefined) return { kind: 'layout', reference: layout };
  return { kind: 'registry', reference: withDefaultTag(parseNormalizedReference(text)) };
}

export function formatLocation(location: ImageLocation): string {
  return location.kind === 'layout' ? formatLayoutReference(location.reference) : formatReference(location.reference);
}

/** The repository, or the path of the layout. */
export function placeOf(location: ImageLocation): string {
  return location.kind === 'layout' ? location.reference.path : repositoryOf(location.reference);
}

/** Another image of the same place. Throws INVALID_ARGUMENT. */
export function locationWithDigest(location: ImageLocation, digest: string): ImageLocation {
  if (location.kind === 'registry') return { ...location, reference: withDigest(location.reference, digest) };
  return { ...location, reference: { ...location.reference, tag: undefined, digest } };
}

/** The place with the tag `latest`; a layout keeps its own. */
export function defaultOf(location: ImageLocation): ImageLocation {
  if (location.kind === 'registry') {
    return { ...location, reference: { ...location.reference, tag: 'latest', digest: undefined } };
  }
  return {
    ...location,
    reference: { ...location.reference, tag: location.reference.tag ?? 'latest', digest: undefined },
  };
}

/** Who names a digest of a layout to write to means no other image. Throws INVALID_ARGUMENT. */
export function requireTargetDigest(location: ImageLocation, digest: string): void {
  if (location.kind !== 'layout' || location.reference.digest === undefined) return;
  if (location.reference.digest === digest) return;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `target ${formatLocation(location)} requested digest ${location.reference.digest} but produced ${digest}`,
  );
}
