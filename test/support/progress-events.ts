// Status packets as Go's client writes them with `--progress rawjson`, read back into our own types.
import type {
  SolveStatus,
  SourceInfo,
  SourceRange,
  UnixNano,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from '../../src/buildkit/control/index.ts';
import { pb } from '../../src/proto/index.ts';

type Json = Readonly<Record<string, unknown>>;

export function parseStatus(line: string): SolveStatus {
  const json = record(JSON.parse(line));
  return {
    vertexes: records(json['vertexes']).map(vertexOf),
    statuses: records(json['statuses']).map(transferOf),
    logs: records(json['logs']).map(logOf),
    warnings: records(json['warnings']).map(warningOf),
  };
}

function vertexOf(json: Json): Vertex {
  const group = json['progressGroup'] === undefined ? undefined : record(json['progressGroup']);
  return {
    digest: text(json['digest']),
    inputs: list(json['inputs']).map(text),
    name: text(json['name']),
    started: time(json['started']),
    completed: time(json['completed']),
    cached: json['cached'] === true,
    error: json['error'] === undefined ? undefined : text(json['error']),
    progressGroup: group && { id: text(group['id']), name: text(group['name']), weak: group['weak'] === true },
  };
}

function transferOf(json: Json): VertexStatus {
  return {
    id: text(json['id']),
    vertex: text(json['vertex']),
    name: text(json['name']),
    total: BigInt(Number(json['total'] ?? 0)),
    current: BigInt(Number(json['current'])),
    timestamp: time(json['timestamp']) ?? 0n,
    started: time(json['started']),
    completed: time(json['completed']),
  };
}

function logOf(json: Json): VertexLog {
  return {
    vertex: text(json['vertex']),
    stream: Number(json['stream'] ?? 0),
    data: bytes(json['data']),
    timestamp: time(json['timestamp']) ?? 0n,
  };
}

function warningOf(json: Json): VertexWarning {
  return {
    vertex: text(json['vertex']),
    level: Number(json['level'] ?? 0),
    short: bytes(json['short']),
    detail: list(json['detail']).map(bytes),
    url: json['url'] === undefined ? undefined : text(json['url']),
    sourceInfo: json['sourceInfo'] === undefined ? undefined : sourceOf(record(json['sourceInfo'])),
    range: records(json['range']).map(rangeOf),
  };
}

function sourceOf(json: Json): SourceInfo {
  return {
    filename: text(json['filename']),
    data: bytes(json['data']),
    definition: json['definition'] === undefined ? undefined : encodeDefinition(record(json['definition'])),
    language: text(json['language']),
  };
}

function encodeDefinition(json: Json): Uint8Array {
  const locations = Object.keys(record(record(json['Source'])['locations']));
  const metadata = Object.entries(record(json['metadata'])).map(([digest, value]) => {
    const { description, caps } = record(value);
    return [digest, { description: record(description), caps: record(caps) }];
  });
  return pb.Definition.encode({
    def: list(json['def']).map(bytes),
    metadata: Object.fromEntries(metadata),
    Source: { locations: Object.fromEntries(locations.map((digest) => [digest, {}])) },
  }).finish();
}

function rangeOf(json: Json): SourceRange {
  return { start: positionOf(record(json['start'])), end: positionOf(record(json['end'])) };
}

function positionOf(json: Json): SourceRange['start'] {
  return { line: Number(json['line'] ?? 0), character: Number(json['character'] ?? 0) };
}

/** RFC 3339 in UTC with up to nine digits of a second. */
function time(value: unknown): UnixNano | undefined {
  if (value === undefined) return undefined;
  const [, seconds = '', fraction = ''] = /^(.*:\d\d)(?:\.(\d+))?Z$/.exec(text(value)) ?? [];
  return BigInt(Date.parse(`${seconds}Z`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}

function bytes(value: unknown): Uint8Array {
  return Buffer.from(text(value), 'base64');
}

function text(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw new TypeError(`not a text: ${JSON.stringify(value)}`);
  return value;
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new TypeError(`not a list: ${JSON.stringify(value)}`);
  return value;
}

function record(value: unknown): Json {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null) throw new TypeError(`not an object: ${JSON.stringify(value)}`);
  return value as Json;
}

function records(value: unknown): readonly Json[] {
  return list(value).map(record);
}
