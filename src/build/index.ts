export type { TlsFlags as DockerTlsOptions } from '../docker/contexts/index.ts';
export { type BuildContext, build } from './build.ts';
export type { BuildEvent } from './events.ts';
export { imageIdOf, metadataOf } from './metadata.ts';
export type {
  BuildOptions,
  ContextSource,
  DockerfileSource,
  DockerOptions,
  OutputDestination,
  OutputSpec,
} from './options.ts';
export type { BuildResult } from './result.ts';
