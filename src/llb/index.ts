export { CapSet, conversionCaps, currentCaps } from './caps.ts';
export type { Definition, DefinitionSource, LinuxResources, OpMetadata, ProgressGroup } from './definition.ts';
export { decodeDefinition, encodeDefinition } from './definition-codec.ts';
export { definitionJson, sourceInfoJson, spelledDefinitionJson } from './definition-json.ts';
export { stateOf } from './definition-op.ts';
export { dumpDefinition, dumpOp, type Json, type OpDump } from './dump-codec.ts';
export { dotGraph, mermaidGraph } from './dump-graph.ts';
export { EnvList } from './env-list.ts';
export type {
  ExecDevice,
  ExecMountOptions,
  ExecOptions,
  ExecSecret,
  ExecSshSocket,
  ExtraHost,
  ProxyEnv,
  Ulimit,
} from './exec-op.ts';
export {
  type CopyAction,
  type FileAction,
  type MkdirAction,
  type MkfileAction,
  type Owner,
  parseOwner,
} from './file-op.ts';
export { type GitUrl, gitUrlOf, parseGitUrl } from './git-url.ts';
export { type MarshalOptions, marshal } from './marshal.ts';
export { isSameGraph } from './same-graph-codec.ts';
export { SourceVertex, sourcesOf } from './source-op.ts';
export type { SourceLocation, SourceMap, SourcePosition, SourceRange } from './source-map.ts';
export {
  type GitSourceOptions,
  gitSource,
  type HttpSourceOptions,
  httpSource,
  imageSource,
  type LocalSourceOptions,
  localSource,
  ociLayoutSource,
  type ResolveMode,
} from './sources.ts';
export { type NetworkMode, State } from './state.ts';
export { customName, type MarshalContext, type OpOptions, type Output, type Vertex } from './vertex.ts';
