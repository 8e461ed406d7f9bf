export { type FrontendOptions, parseAttributes } from './attributes.ts';
export {
  convertPlatform,
  type FrontendDeps,
  type FrontendSignal,
  marshalConversion,
  type PreparedFrontend,
  prepareFrontend,
  runFrontend,
} from './frontend.ts';
export { type LintError, type LintResult, lintDockerfile, lintText, warningRanges } from './lint.ts';
export type {
  BuildOpts,
  CacheImport,
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
