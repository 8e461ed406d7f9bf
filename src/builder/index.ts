export type { BuilderNode, DriverName } from './node.ts';
export { type OpenNodeInput, openNode } from './open-node.ts';
export { engineHost, type EngineSettings, engineNamed } from './open-engine.ts';
