export type {
  ContainerInfo,
  EngineCallOptions,
  EngineClient,
  EngineInfo,
  EngineVersion,
  HeaderPairs,
  PushedName,
} from './client.ts';
export type { EngineMessage } from './engine-message.ts';
export { createEngineClient, type EngineClientOptions } from './engine-client.ts';
export type { StreamCall } from './stream-call.ts';
