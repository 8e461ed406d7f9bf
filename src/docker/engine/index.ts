export type {
  ContainerInfo,
  EngineCallOptions,
  EngineClient,
  EngineInfo,
  EngineVersion,
  UpgradeOptions,
} from './client.ts';
