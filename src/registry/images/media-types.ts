import { member, textMember } from '../../base/json-object.ts';

export const OCI_INDEX = 'application/vnd.oci.image.index.v1+json';
export const OCI_MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
export const DOCKER_LIST = 'application/vnd.docker.distribution.manifest.list.v2+json';
export const DOCKER_MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
export const DOCKER_SCHEMA1 = 'application/vnd.docker.distribution.manifest.v1+prettyjws';

export function isIndexType(mediaType: string): boolean {
  return mediaType === OCI_INDEX || mediaType === DOCKER_LIST;
}

/** The manifest of one image. */
export function isImageType(mediaType: string): boolean {
  return mediaType === OCI_MANIFEST || mediaType === DOCKER_MANIFEST;
}

/** Whether content of this type is kept among the manifests of a repository, not among its blobs. */
export function isManifestType(mediaType: string): boolean {
  return isIndexType(mediaType) || isImageType(mediaType) || mediaType === DOCKER_SCHEMA1;
}

/** The type of a manifest that does not say it itself. Matches buildx imagetools detectMediaType. */
export function detectManifestType(manifest: object): string {
  const named = textMember(manifest, 'mediaType');
  if (named !== '') return named;
  if (member(manifest, 'config') !== undefined) return DOCKER_MANIFEST;
  const layers = member(manifest, 'fsLayers');
  return Array.isArray(layers) && layers.length > 0 ? DOCKER_SCHEMA1 : DOCKER_LIST;
}
