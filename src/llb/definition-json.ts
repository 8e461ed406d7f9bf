// A definition in the JSON that Go's client writes for it, where results and warnings carry one.
import type { GoJsonValue } from '../base/go-json.ts';
import {
  base64,
  bytesField,
  flagField,
  listField,
  numberField,
  rangesField,
  textField,
} from '../base/go-json-fields.ts';
import { dumpOp } from './dump-codec.ts';
import type { Definition, DefinitionSource, LinuxResources, OpMetadata } from './definition.ts';
import type { SourceMap } from './source-map.ts';

/** The definition as JSON: maps sorted, empty fields left out. */
export function definitionJson(definition: Definition): GoJsonValue {
  const { source } = definition;
  return {
    def: listField(definition.ops.map(base64)),
    metadata: mapField(definition.metadata, metadataJson),
    Source: source && sourceJson(source),
  };
}

/** The definition with its ops spelled out, by digest. Matches frontend/subrequests/convertllb. */
export function spelledDefinitionJson({ ops, digests, metadata, source }: Definition): GoJsonValue {
  return {
    def: new Map(ops.map((bytes, i) => [digests[i] ?? '', dumpOp(bytes)])),
    metadata: new Map([...metadata].map(([digest, about]) => [digest, metadataJson(about)])),
    source: source === undefined ? {} : sourceJson(source),
  };
}

/** A source file, with the definition that gets it. */
export function sourceInfoJson({ filename, data, definition, language }: Omit<SourceMap, 'state'>): GoJsonValue {
  return {
    filename: textField(filename),
    data: bytesField(data),
    definition: definition && definitionJson(definition),
    language: textField(language),
  };
}

function metadataJson(metadata: OpMetadata): GoJsonValue {
  const { description, exportCache, caps, progressGroup: group, linuxResources } = metadata;
  return {
    ignore_cache: flagField(metadata.ignoreCache),
    description: mapField(description, (text) => text),
    export_cache: exportCache === undefined ? undefined : { Value: flagField(exportCache) },
    caps: mapField(new Map([...caps].map((cap) => [cap, true])), (set) => set),
    progress_group: group && { id: textField(group.id), name: textField(group.name), weak: flagField(group.weak) },
    linux_resources: linuxResources && resourcesJson(linuxResources),
  };
}

function resourcesJson(limits: LinuxResources): GoJsonValue {
  return {
    memory: numberField(limits.memory),
    memorySwap: numberField(limits.memorySwap),
    cpuShares: numberField(limits.cpuShares),
    cpuPeriod: numberField(limits.cpuPeriod),
    cpuQuota: numberField(limits.cpuQuota),
    cpusetCpus: textField(limits.cpusetCpus),
    cpusetMems: textField(limits.cpusetMems),
  };
}

function sourceJson({ locations, infos }: DefinitionSource): GoJsonValue {
  return {
    locations: mapField(locations, (list) => ({
      locations: listField(
        list.map(({ sourceIndex, ranges }) => ({
          sourceIndex: numberField(sourceIndex),
          ranges: rangesField(ranges),
        })),
      ),
    })),
    infos: listField(infos.map(sourceInfoJson)),
  };
}

function mapField<T>(values: ReadonlyMap<string, T>, json: (value: T) => GoJsonValue): GoJsonValue | undefined {
  return values.size === 0 ? undefined : new Map([...values].map(([key, value]) => [key, json(value)]));
}
