export { convertDockerfile } from './convert.ts';
export { noLines } from './stage-state.ts';
export { type GitRef, parseGitRef } from './git-ref.ts';
export { decodeImage } from './image-decode.ts';
export { encodeImage, type ImageConfig, imagePlatform } from './image-config.ts';
export type {
  Conversion,
  ConvertHost,
  ConvertOptions,
  NamedContext,
  NamedContextRequest,
  ResolvedImage,
  ResolveImageRequest,
  SignalOptions,
} from './options.ts';
