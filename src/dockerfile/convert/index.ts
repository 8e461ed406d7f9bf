export { convertDockerfile, outlineDockerfile } from './convert.ts';
export { type GitRef, parseGitRef } from './git-ref.ts';
export { decodeImage } from './image-decode.ts';
export { encodeImage, type ImageConfig, imagePlatform } from './image-config.ts';
export type { NamedMount, Outline } from './outline.ts';
export type { DeclaredArg } from './parameters.ts';
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
