export { type Content, createRegistryClient, type RegistryClient, type RegistryLogin } from './client.ts';
export { fetchImageConfig, type ImageInfo } from './image-config.ts';
