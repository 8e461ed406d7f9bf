export { lastActivity } from './activity.ts';
export { currentBuilder, type Instance, type InstanceNode, listInstances, readInstance } from './instances.ts';
export { type LocalState, saveLocalState } from './local-state.ts';
export { nodeIdentifier, openStateDir, type StateDir } from './state-dir.ts';
