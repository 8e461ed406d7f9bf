// pb.Definition: how a graph travels to the daemon and back.
import { hash } from 'node:crypto';
import { TsbuildxError } from '../base/errors.ts';
import { fromLong, pb, toLong, toUnsignedLong } from '../proto/index.ts';
import type { Definition, DefinitionSource, LinuxResources, OpMetadata } from './definition.ts';
import { mapRecord, sortedRecord } from './op-codec.ts';
import type { SourceRange } from './source-map.ts';

/** The definition as a `pb.Definition` message, in Go's deterministic form. */
export function encodeDefinition(definition: Definition): Uint8Array {
  return pb.Definition.encode(toMessage(definition)).finish();
}

/** Reads a `pb.Definition` message; throws code PROTOCOL when it is none. The ops keep their bytes. */
export function decodeDefinition(bytes: Uint8Array): Definition {
  try {
    return fromMessage(pb.Definition.decode(bytes));
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', 'failed to parse llb definition', { cause });
  }
}

function toMessage(definition: Definition): pb.Definition.$Properties {
  const { source } = definition;
  return {
    def: [...definition.ops],
    metadata: mapRecord(definition.metadata, metadataMessage),
    Source: source === undefined ? null : sourceMessage(source),
  };
}

function sourceMessage(source: DefinitionSource): pb.Source.$Properties {
  return {
    locations: mapRecord(source.locations, (list) => ({
      locations: list.map(({ sourceIndex, ranges }) => ({ sourceIndex, ranges: ranges.map(rangeMessage) })),
    })),
    infos: source.infos.map((info) => ({
      filename: info.filename,
      data: info.data,
      definition: info.definition === undefined ? null : toMessage(info.definition),
      language: info.language,
    })),
  };
}

function metadataMessage(metadata: OpMetadata): pb.OpMetadata.$Properties {
  return {
    ignore_cache: metadata.ignoreCache,
    description: sortedRecord(metadata.description),
    export_cache: metadata.exportCache === undefined ? null : { Value: metadata.exportCache },
    caps: capsRecord(metadata.caps),
    progress_group: metadata.progressGroup ?? null,
    linux_resources: metadata.linuxResources === undefined ? null : resourcesMessage(metadata.linuxResources),
  };
}

function capsRecord(caps: ReadonlySet<string>): Record<string, boolean> {
  const record: Record<string, boolean> = {};
  for (const cap of [...caps].sort()) record[cap] = true;
  return record;
}

function resourcesMessage(limits: LinuxResources): pb.LinuxResources.$Properties {
  return {
    memory: toLong(limits.memory),
    memorySwap: toLong(limits.memorySwap),
    cpuShares: toUnsignedLong(limits.cpuShares),
    cpuPeriod: toUnsignedLong(limits.cpuPeriod),
    cpuQuota: toLong(limits.cpuQuota),
    cpusetCpus: limits.cpusetCpus,
    cpusetMems: limits.cpusetMems,
  };
}

function rangeMessage({ start, end }: SourceRange): pb.Range.$Properties {
  return { start: { ...start }, end: { ...end } };
}

function fromMessage(message: pb.Definition): Definition {
  const ops = message.def.map((op) => Uint8Array.from(op));
  const metadata = new Map(Object.entries(message.metadata).map(([digest, meta]) => [digest, metadataOf(meta)]));
  return {
    ops,
    digests: ops.map((op) => `sha256:${hash('sha256', op)}`),
    metadata,
    source: message.Source ? sourceOf(message.Source) : undefined,
  };
}

function metadataOf(meta: pb.OpMetadata.$Properties): OpMetadata {
  const group = meta.progress_group;
  const limits = meta.linux_resources;
  return {
    ignoreCache: meta.ignore_cache ?? false,
    description: new Map(Object.entries(meta.description ?? {})),
    exportCache: meta.export_cache ? (meta.export_cache.Value ?? false) : undefined,
    caps: new Set(Object.keys(meta.caps ?? {})),
    progressGroup: group ? { id: group.id ?? '', name: group.name ?? '', weak: group.weak ?? false } : undefined,
    linuxResources: limits
      ? {
          memory: fromLong(limits.memory),
          memorySwap: fromLong(limits.memorySwap),
          cpuShares: fromLong(limits.cpuShares),
          cpuPeriod: fromLong(limits.cpuPeriod),
          cpuQuota: fromLong(limits.cpuQuota),
          cpusetCpus: limits.cpusetCpus ?? '',
          cpusetMems: limits.cpusetMems ?? '',
        }
      : undefined,
  };
}

function sourceOf(source: pb.Source.$Properties): DefinitionSource {
  const position = (at: pb.Position.$Properties | null | undefined) => ({
    line: at?.line ?? 0,
    character: at?.character ?? 0,
  });
  return {
    infos: (source.infos ?? []).map((info) => ({
      filename: info.filename ?? '',
      language: info.language ?? '',
      data: Uint8Array.from(info.data ?? []),
      definition: info.definition ? fromMessage(new pb.Definition(info.definition)) : undefined,
    })),
    locations: new Map(
      Object.entries(source.locations ?? {}).map(([digest, { locations }]) => [
        digest,
        (locations ?? []).map(({ sourceIndex, ranges }) => ({
          sourceIndex: sourceIndex ?? 0,
          ranges: (ranges ?? []).map(({ start, end }) => ({ start: position(start), end: position(end) })),
        })),
      ]),
    ),
  };
}
