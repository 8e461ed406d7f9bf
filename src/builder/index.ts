export type { BuilderQuery } from './find-builder.ts';
export { type InspectContext, inspectBuilder, type InspectOptions, listBuilders } from './inspect-builder.ts';
export type { BuilderState, ListedBuilder, NodeState, NodeStatus } from './inspect/state.ts';
export type { BuilderNode, DriverName } from './node.ts';
export { openNode } from './open-node.ts';
export { engineHost, type EngineSettings, engineNamed } from './open-engine.ts';
export { proxyBuildArgs } from './proxy-args.ts';
