export { type FrontendOptions, parseAttributes } from './attributes.ts';
export { isArchive } from './archive.ts';
export { type BuildContext, findBuildContext, marshalAlone, solveAlone } from './build-context.ts';
export { gitContext } from './git-context.ts';
export { marshalConversion, runFrontend } from './frontend.ts';
export { lintDockerfile } from './lint.ts';
export {
  convertPlatform,
  type FrontendDeps,
  type FrontendSignal,
  type PreparedFrontend,
  prepareFrontend,
} from './prepare.ts';
export { chooseFrontend, isOther, type OwnFrontend } from './syntax-forward.ts';
export type {
  BuildOpts,
  CacheImport,
  FrontendAttestation,
  FrontendResult,
  Gateway,
  GatewayRef,
  GatewayResult,
  GatewaySolveRequest,
  GatewayWarning,
  LocalFiles,
  LocalReadOptions,
  ReadFileRequest,
  SourceIdentity,
  SourceMeta,
  SourceMetaRequest,
} from './gateway.ts';
