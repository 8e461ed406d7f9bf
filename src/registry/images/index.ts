export { type Content, createRegistryClient, type RegistryClient } from './client.ts';
export {
  type Combined,
  combineImages,
  type CombineOptions,
  type CombineSource,
  type IndexAnnotation,
} from './combine.ts';
export { type ContentDescriptor, descriptorJson, readContentDescriptor, readPlatform } from './descriptor.ts';
export type { RegistryConfig, RegistryConfigs } from './hosts.ts';
export { fetchImageConfig, type ImageInfo } from './image-config.ts';
export { type ImageStore, readDocument, repositoryStore } from './image-store.ts';
export { readJsonDocument } from './json-document.ts';
export { layoutStore } from './layout-store.ts';
export {
  detectManifestType,
  DOCKER_LIST,
  isImageType,
  isIndexType,
  OCI_INDEX,
  OCI_MANIFEST,
} from './media-types.ts';
export type { RegistryClientOptions, RegistryLogin } from './requests.ts';
export type { BlobContent } from './upload.ts';
