export { EngineError } from './call-error.ts';
export type {
  ContainerInfo,
  EngineCallOptions,
  EngineClient,
  EngineInfo,
  EngineRequest,
  EngineVersion,
  HeaderPairs,
  PulledName,
  PushedName,
} from './client.ts';
export type { EngineMessage } from './engine-message.ts';
export { createEngineClient, type EngineClientOptions } from './engine-client.ts';
export type { StreamCall } from './stream-call.ts';
export { FrameReader, STDERR, STDOUT, SYSTEM_ERROR } from './frames.ts';
