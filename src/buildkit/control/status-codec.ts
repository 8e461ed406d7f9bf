// Progress messages to our own types.
import { fromLong, fromTimestamp, moby, pb } from '../../proto/index.ts';
import type { SolveStatus, SourceInfo, SourceRange, Vertex, VertexLog, VertexStatus, VertexWarning } from './status.ts';

export function decodeSolveStatus(bytes: Uint8Array): SolveStatus {
  const { vertexes, statuses, logs, warnings } = moby.buildkit.v1.StatusResponse.decode(bytes);
  return {
    vertexes: vertexes.map(decodeVertex),
    statuses: statuses.map(decodeVertexStatus),
    logs: logs.map(decodeLog),
    warnings: warnings.map(decodeWarning),
  };
}

function decodeVertex(vertex: moby.buildkit.v1.Vertex.$Properties): Vertex {
  const group = vertex.progressGroup;
  return {
    digest: vertex.digest ?? '',
    inputs: vertex.inputs ?? [],
    name: vertex.name ?? '',
    started: fromTimestamp(vertex.started),
    completed: fromTimestamp(vertex.completed),
    cached: vertex.cached ?? false,
    error: vertex.error || undefined,
    progressGroup: group ? { id: group.id ?? '', name: group.name ?? '', weak: group.weak ?? false } : undefined,
  };
}

function decodeVertexStatus(status: moby.buildkit.v1.VertexStatus.$Properties): VertexStatus {
  return {
    id: status.ID ?? '',
    vertex: status.vertex ?? '',
    name: status.name ?? '',
    total: fromLong(status.total),
    current: fromLong(status.current),
    timestamp: fromTimestamp(status.timestamp) ?? 0n,
    started: fromTimestamp(status.started),
    completed: fromTimestamp(status.completed),
  };
}

function decodeLog(log: moby.buildkit.v1.VertexLog.$Properties): VertexLog {
  return {
    vertex: log.vertex ?? '',
    stream: Number(fromLong(log.stream)),
    data: log.msg ?? new Uint8Array(),
    timestamp: fromTimestamp(log.timestamp) ?? 0n,
  };
}

function decodeWarning(warning: moby.buildkit.v1.VertexWarning.$Properties): VertexWarning {
  return {
    vertex: warning.vertex ?? '',
    level: Number(fromLong(warning.level)),
    short: warning.short ?? new Uint8Array(),
    detail: warning.detail ?? [],
    url: warning.url || undefined,
    sourceInfo: warning.info ? decodeSourceInfo(warning.info) : undefined,
    range: (warning.ranges ?? []).map(decodeRange),
  };
}

function decodeSourceInfo(info: pb.SourceInfo.$Properties): SourceInfo {
  return {
    filename: info.filename ?? '',
    data: info.data ?? new Uint8Array(),
    definition: info.definition ? pb.Definition.encode(info.definition).finish() : undefined,
    language: info.language ?? '',
  };
}

/** Also sent with the bridge's warnings. */
export function encodeSourceInfo(info: SourceInfo): pb.SourceInfo.$Properties {
  return {
    filename: info.filename,
    data: info.data,
    language: info.language,
    ...(info.definition === undefined ? {} : { definition: pb.Definition.decode(info.definition) }),
  };
}

function decodeRange(range: pb.Range.$Properties): SourceRange {
  return {
    start: { line: range.start?.line ?? 0, character: range.start?.character ?? 0 },
    end: { line: range.end?.line ?? 0, character: range.end?.character ?? 0 },
  };
}
