export { setBuilderAlias } from './builder-alias.ts';
export { builderQuery, type BuilderSettings } from './builder-query.ts';
export { daemonCaps } from './daemon-caps.ts';
export type { BuilderQuery } from './find-builder.ts';
export { driverNames } from './drivers/driver.ts';
export {
  builderNames,
  type InspectContext,
  inspectBuilder,
  type InspectOptions,
  listBuilders,
} from './inspect-builder.ts';
export type { BuilderState, ListedBuilder, NodeState, NodeStatus } from './inspect/state.ts';
export {
  type CreateBuilderContext,
  type CreateBuilderOptions,
  createBuilder,
  type DialBuilderContext,
  type DialBuilderOptions,
  dialBuilder,
  leaveBuilder,
  type RemoveBuilderOptions,
  type RemoveContext,
  removeBuilder,
  type RemovedBuilder,
  removeInactiveBuilders,
  type RemoveOptions,
  stopBuilder,
  type UseBuilderOptions,
  useBuilder,
} from './manage-builders.ts';
export type { BuilderNode, DriverName } from './node.ts';
export { matchNodes, type MatchedNodes, nativePlatforms, type PlatformMatch } from './match-nodes.ts';
export { builderRegistries } from './builder-registries.ts';
export { type OpenBuilder, openBuilder } from './open-builder.ts';
export { type OpenNodes, openNodes } from './open-nodes.ts';
export { engineHost, type EngineSettings, engineNamed } from './open-engine.ts';
export {
  type LocalState,
  type LocalStateGroup,
  openStateDir,
  readLocalState,
  readLocalStateGroup,
} from './store/index.ts';
export { proxyBuilder, type ProxyStreams } from './proxy-builder.ts';
export { proxyBuildArgs } from './proxy-args.ts';
export { openRegistryClient, type RegistryClientContext } from './registry-client.ts';
export { diskUsage, type DiskUsageOptions, prune, type PruneContext, type PruneOptions } from './disk-usage.ts';
export type { NodeUsage, PruneLimits, PruneResult } from './usage/options.ts';
