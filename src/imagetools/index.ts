export {
  type ContentDescriptor,
  descriptorJson,
  isIndexType,
  readContentDescriptor,
  readPlatform,
} from '../registry/images/index.ts';
export type { ImageProvenance, ImageSbom } from './attestations.ts';
export { type CreatedImage, createImage, type CreateImageContext, type CreateImageOptions } from './create-image.ts';
export {
  type InspectedImage,
  type InspectedPlatform,
  inspectImage,
  type InspectImageContext,
  type InspectImageOptions,
} from './inspect-image.ts';
