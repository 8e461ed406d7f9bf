export type {
  BuildkitVersion,
  CacheEntry,
  CdiDevice,
  ControlClient,
  ExporterEntry,
  GcPolicy,
  SessionDialer,
  SessionHeaders,
  SolveRequest,
  SolveResponse,
  WorkerPlatform,
  WorkerRecord,
} from './client.ts';
export type {
  HistoryEvent,
  HistoryQuery,
  HistoryRecord,
  HistoryUpdate,
  RecordedError,
  ResultInfo,
} from './history.ts';
export type {
  ProgressGroup,
  SolveStatus,
  SourceInfo,
  SourcePosition,
  SourceRange,
  UnixNano,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from './status.ts';
export {
  type ClientStatus,
  type ClientSteps,
  createClientSteps,
  now,
  silentSteps,
  type StepProgress,
  type TellStatus,
} from './client-steps.ts';
export type { PruneRequest, UsageRecord } from './usage.ts';
export { bytesPrefix } from './bytes-reader.ts';
export { newIdentity } from './identity.ts';
export { createControlClient } from './control-client.ts';
export { controlSessionDialer } from './session.ts';
export { sessionHeaderPairs } from './session-headers.ts';
export { decodeWorker, encodePlatform } from './control-codec.ts';
export { encodeSourcePolicy } from './source-policy-codec.ts';
export { encodeSourceInfo } from './status-codec.ts';
