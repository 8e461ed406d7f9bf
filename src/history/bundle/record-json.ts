// Matches buildx util/desktop/bundle/export.go: a record as Go's encoding/json writes the daemon's message, and what is known here.
import type { GoJsonValue } from '../../base/go-json.ts';
import { bytesField, flagField, listField, numberField, textField } from '../../base/go-json-fields.ts';
import type { LocalState, LocalStateGroup } from '../../builder/index.ts';
import type {
  ExporterEntry,
  HistoryRecord,
  RecordedError,
  ResultInfo,
  UnixNano,
} from '../../buildkit/control/index.ts';
import type { ContentDescriptor } from '../../registry/images/index.ts';
import { publicAttributes } from '../public-attributes.ts';

/** What a bundle says of a build beside its record. */
export interface RecordPlace {
  /** Of the node, `linux/amd64`; empty when it has none. */
  readonly defaultPlatform: string;
  /** What this machine remembers of it. */
  readonly localState: LocalState | undefined;
  readonly group: LocalStateGroup | undefined;
}

/** @param trace stands for the one of the record. */
export function recordJson(
  record: HistoryRecord,
  trace: ContentDescriptor | undefined,
  { defaultPlatform, localState, group }: RecordPlace,
): GoJsonValue {
  return {
    Ref: textField(record.ref),
    Frontend: textField(record.frontend),
    FrontendAttrs: textMap(publicAttributes(record.frontendAttrs)),
    Exporters: listField(record.exporters.map(exporterJson)),
    error: record.error && errorJson(record.error),
    CreatedAt: timeField(record.createdAt),
    CompletedAt: timeField(record.completedAt),
    logs: descriptorField(record.logs),
    ExporterResponse: textMap(record.exporterResponse),
    Result: record.result && resultJson(record.result),
    Results: mapField(record.results, resultJson),
    Generation: numberField(record.generation),
    trace: descriptorField(trace),
    pinned: flagField(record.pinned),
    numCachedSteps: numberField(record.numCachedSteps),
    numTotalSteps: numberField(record.numTotalSteps),
    numCompletedSteps: numberField(record.numCompletedSteps),
    externalError: descriptorField(record.externalError),
    numWarnings: numberField(record.numWarnings),
    DefaultPlatform: defaultPlatform,
    localState: localState && {
      Target: localState.Target,
      LocalPath: localState.LocalPath,
      DockerfilePath: localState.DockerfilePath,
      GroupRef: textField(localState.GroupRef),
    },
    stateGroup: group && { Targets: listField(group.Targets), Refs: group.Refs },
  };
}

function exporterJson({ type, attrs }: ExporterEntry): GoJsonValue {
  return { Type: textField(type), Attrs: textMap(attrs) };
}

function errorJson({ code, message, details }: RecordedError): GoJsonValue {
  return {
    code: numberField(code),
    message: textField(message),
    details: listField(
      details.map(({ typeUrl, value }) => ({ type_url: textField(typeUrl), value: bytesField(value) })),
    ),
  };
}

function resultJson({ resultDeprecated, attestations, results }: ResultInfo): GoJsonValue {
  return {
    ResultDeprecated: descriptorField(resultDeprecated),
    Attestations: listField(attestations.map(descriptorJson)),
    Results: mapField(Object.fromEntries(results), descriptorJson),
  };
}

/** Not OCI's form of one, but that of the control API. */
function descriptorJson({ mediaType, digest, size, annotations }: ContentDescriptor): GoJsonValue {
  return {
    media_type: textField(mediaType),
    digest: textField(digest),
    size: numberField(size),
    annotations: textMap(annotations ?? {}),
  };
}

function descriptorField(descriptor: ContentDescriptor | undefined): GoJsonValue | undefined {
  return descriptor && descriptorJson(descriptor);
}

function timeField(time: UnixNano | undefined): GoJsonValue | undefined {
  if (time === undefined) return undefined;
  const nanos = ((time % SECOND) + SECOND) % SECOND;
  return { seconds: numberField((time - nanos) / SECOND), nanos: numberField(nanos) };
}

const SECOND = 1_000_000_000n;

function mapField<T>(values: Readonly<Record<string, T>>, write: (value: T) => GoJsonValue): GoJsonValue | undefined {
  const entries = Object.entries(values);
  return entries.length === 0 ? undefined : new Map(entries.map(([name, value]) => [name, write(value)]));
}

function textMap(values: Readonly<Record<string, string>>): GoJsonValue | undefined {
  return mapField(values, (text) => text);
}
