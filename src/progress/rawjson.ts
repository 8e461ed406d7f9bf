// Progress for programs: one status packet a line, in the JSON of Go's client. Compose and CI actions read it.
import { goJson, type GoJsonValue } from '../base/go-json.ts';
import {
  base64,
  bytesField,
  flagField,
  listField,
  numberField,
  rangesField,
  textField,
} from '../base/go-json-fields.ts';
import type {
  SolveStatus,
  SourceInfo,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from '../buildkit/control/index.ts';
import { decodeDefinition, definitionJson } from '../llb/index.ts';
import type { Renderer } from './renderer.ts';
import { timeField } from './time-field.ts';

export class RawJsonRenderer implements Renderer {
  update(status: SolveStatus): string {
    return `${statusJson(status)}\n`;
  }

  refresh(): string {
    return '';
  }

  end(): string {
    return '';
  }
}

/** A status packet as one line of JSON: fields in fixed order, empty ones left out. */
export function statusJson(status: SolveStatus): string {
  return goJson({
    vertexes: listField(status.vertexes.map(vertexJson)),
    statuses: listField(status.statuses.map(transferJson)),
    logs: listField(status.logs.map(logJson)),
    warnings: listField(status.warnings.map(warningJson)),
  });
}

function vertexJson(vertex: Vertex): GoJsonValue {
  const group = vertex.progressGroup;
  return {
    digest: textField(vertex.digest),
    inputs: listField(vertex.inputs),
    name: textField(vertex.name),
    started: optionalTime(vertex.started),
    completed: optionalTime(vertex.completed),
    cached: flagField(vertex.cached),
    error: textField(vertex.error),
    progressGroup: group && { id: textField(group.id), name: textField(group.name), weak: flagField(group.weak) },
  };
}

function transferJson(status: VertexStatus): GoJsonValue {
  return {
    id: status.id,
    vertex: textField(status.vertex),
    name: textField(status.name),
    total: numberField(status.total),
    current: status.current,
    timestamp: timeField(status.timestamp),
    started: optionalTime(status.started),
    completed: optionalTime(status.completed),
  };
}

function logJson(log: VertexLog): GoJsonValue {
  return {
    vertex: textField(log.vertex),
    stream: numberField(log.stream),
    data: log.data.length === 0 ? null : base64(log.data),
    timestamp: timeField(log.timestamp),
  };
}

/** A warning as it stands in raw progress and in the metadata file. */
export function warningJson(warning: VertexWarning): GoJsonValue {
  return {
    vertex: textField(warning.vertex),
    level: numberField(warning.level),
    short: bytesField(warning.short),
    detail: listField(warning.detail.map(base64)),
    url: textField(warning.url),
    sourceInfo: warning.sourceInfo && sourceJson(warning.sourceInfo),
    range: rangesField(warning.range),
  };
}

function sourceJson(source: SourceInfo): GoJsonValue {
  return {
    filename: textField(source.filename),
    data: bytesField(source.data),
    definition: definitionField(source.definition),
    language: textField(source.language),
  };
}

/** Undefined when it cannot be decoded: it is of no use to a reader then. */
function definitionField(bytes: Uint8Array | undefined): GoJsonValue | undefined {
  if (bytes === undefined) return undefined;
  try {
    return definitionJson(decodeDefinition(bytes));
  } catch {
    return undefined;
  }
}

function optionalTime(time: bigint | undefined): string | undefined {
  return time === undefined ? undefined : timeField(time);
}
