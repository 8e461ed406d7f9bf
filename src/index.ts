// The public API: what is named here is promised, nothing else.
export { type ErrorCode, TsbuildxError } from './base/errors.ts';
export {
  type BuildContext,
  type BuildEvent,
  type BuildOptions,
  type BuildResult,
  build,
  type CallRequest,
  type CallResult,
  call,
  type ContextSource,
  type DockerfileSource,
  type DockerOptions,
  type DockerTlsOptions,
  imageIdOf,
  metadataOf,
  type OutputDestination,
  type OutputSpec,
} from './build/index.ts';
export type {
  SolveStatus,
  SourceInfo,
  SourceRange,
  UnixNano,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from './buildkit/control/index.ts';
