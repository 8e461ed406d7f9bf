export { lastActivity, noteActivity } from './activity.ts';
export { type CurrentBuilder, type CurrentChoice, currentBuilder } from './current.ts';
export { type Instance, type InstanceNode, listInstances, readInstance } from './instances.ts';
export {
  type LocalState,
  type LocalStateGroup,
  readLocalState,
  readLocalStateGroup,
  saveLocalState,
  saveLocalStateGroup,
} from './local-state.ts';
export { type NodeMemory, readNodeMemory, sourceKey, writeNodeMemory } from './node-memory.ts';
export { nodeIdentifier, openStateDir, type StateDir } from './state-dir.ts';
