export type { TlsFlags as DockerTlsOptions } from '../docker/contexts/index.ts';
export type { ArchiveDir } from './archive-context.ts';
export { type BuildContext, build } from './build.ts';
export { call } from './call.ts';
export { type CompiledPlatform, type CompileOptions, type CompileResult, compile } from './compile.ts';
export type { CallRequest, CallResult } from './call-options.ts';
export type { BuildEvent, EventReader } from './events.ts';
export { imageIdOf, metadataOf } from './metadata.ts';
export type { NodePolicy } from './node-policy.ts';
export type {
  Annotation,
  AttestSpec,
  BuildOptions,
  CacheSpec,
  ContextSource,
  DockerfileSource,
  DockerOptions,
  IgnoreRules,
  OutputDestination,
  OutputSpec,
  PolicyConfig,
  ResourceLimits,
} from './options.ts';
export { encodeSourcePolicy } from '../buildkit/control/index.ts';
export { isHttpUrl, isRemoteUrl } from './remote-url.ts';
export type { BuildResult } from './result.ts';
export { formatLlb, type LlbTextFormat } from './show-llb.ts';
export { type FrontendEnvironment, frontendEnvironment, serveFrontend } from './serve-frontend.ts';
export type { MetadataProvenance } from './provenance.ts';
export type { SecretSpec } from './secrets.ts';
export type { AskKeyPassphrase, SshPrivateKey, SshSpec } from './ssh-agents.ts';
