// How the daemon gets a source file, in the JSON that Go's client writes for it.
import type { GoJsonValue } from '../base/go-json.ts';
import type { SourceRange } from '../buildkit/control/index.ts';
import { pb } from '../proto/index.ts';
import {
  base64,
  bytesField,
  flagField,
  listField,
  mapField,
  numberField,
  rangesField,
  textField,
} from './json-fields.ts';

/** An encoded `pb.Definition` as JSON fields; undefined when it cannot be decoded. */
export function definitionField(bytes: Uint8Array | undefined): GoJsonValue | undefined {
  if (bytes === undefined) return undefined;
  try {
    return definitionJson(pb.Definition.decode(bytes));
  } catch {
    return undefined;
  }
}

function definitionJson(definition: pb.Definition.$Properties): GoJsonValue {
  return {
    def: listField((definition.def ?? []).map(base64)),
    metadata: mapField(definition.metadata, metadataJson),
    Source: definition.Source ? sourceJson(definition.Source) : undefined,
  };
}

function metadataJson(metadata: pb.OpMetadata.$Properties): GoJsonValue {
  const group = metadata.progress_group;
  return {
    ignore_cache: flagField(metadata.ignore_cache),
    description: mapField(metadata.description, (text) => text),
    export_cache: metadata.export_cache ? { Value: flagField(metadata.export_cache.Value) } : undefined,
    caps: mapField(metadata.caps, (set) => set),
    progress_group: group
      ? { id: textField(group.id), name: textField(group.name), weak: flagField(group.weak) }
      : undefined,
  };
}

function sourceJson(source: pb.Source.$Properties): GoJsonValue {
  return {
    locations: mapField(source.locations, (locations) => ({
      locations: listField((locations.locations ?? []).map(locationJson)),
    })),
    infos: listField((source.infos ?? []).map(sourceInfoJson)),
  };
}

function locationJson(location: pb.Location.$Properties): GoJsonValue {
  return {
    sourceIndex: numberField(location.sourceIndex),
    ranges: rangesField((location.ranges ?? []).map(rangeOf)),
  };
}

function rangeOf({ start, end }: pb.Range.$Properties): SourceRange {
  return {
    start: { line: start?.line ?? 0, character: start?.character ?? 0 },
    end: { line: end?.line ?? 0, character: end?.character ?? 0 },
  };
}

function sourceInfoJson(info: pb.SourceInfo.$Properties): GoJsonValue {
  return {
    filename: textField(info.filename),
    data: bytesField(info.data),
    definition: info.definition ? definitionJson(info.definition) : undefined,
    language: textField(info.language),
  };
}
