export { type BuildContext, build } from './build.ts';
export type { BuildEvent } from './events.ts';
export { imageIdOf, metadataOf } from './metadata.ts';
export type {
  BuildOptions,
  ContextSource,
  DockerfileSource,
  DockerOptions,
  DockerTlsOptions,
  OutputDestination,
  OutputSpec,
} from './options.ts';
export type { BuildResult } from './result.ts';
