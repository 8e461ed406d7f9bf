export type {
  ContainerInfo,
  EngineCallOptions,
  EngineClient,
  EngineInfo,
  EngineVersion,
  HeaderPairs,
} from './client.ts';
export { createEngineClient, type EngineClientOptions } from './engine-client.ts';
