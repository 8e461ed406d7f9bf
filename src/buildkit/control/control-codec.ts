// Control API messages to and from our own types.
import { fromLong, moby, type pb } from '../../proto/index.ts';
import type { Method } from '../rpc/index.ts';
import type {
  BuildkitVersion,
  CacheEntry,
  ExporterEntry,
  SolveRequest,
  SolveResponse,
  WorkerPlatform,
  WorkerRecord,
} from './client.ts';
import { decodeSolveStatus } from './status-codec.ts';
import type { SolveStatus } from './status.ts';

const { v1 } = moby.buildkit;
const SERVICE = '/moby.buildkit.v1.Control';

export const SOLVE: Method<SolveRequest, SolveResponse> = {
  path: `${SERVICE}/Solve`,
  encode: encodeSolveRequest,
  decode: (bytes) => ({ exporterResponse: { ...v1.SolveResponse.decode(bytes).ExporterResponse } }),
};

export const STATUS: Method<string, SolveStatus> = {
  path: `${SERVICE}/Status`,
  encode: (ref) => v1.StatusRequest.encode({ Ref: ref }).finish(),
  decode: decodeSolveStatus,
};

export const LIST_WORKERS: Method<readonly string[], readonly WorkerRecord[]> = {
  path: `${SERVICE}/ListWorkers`,
  encode: (filter) => v1.ListWorkersRequest.encode({ filter: [...filter] }).finish(),
  decode: (bytes) => v1.ListWorkersResponse.decode(bytes).record.map(decodeWorker),
};

export const INFO: Method<undefined, BuildkitVersion> = {
  path: `${SERVICE}/Info`,
  encode: () => v1.InfoRequest.encode({}).finish(),
  decode: (bytes) => decodeVersion(v1.InfoResponse.decode(bytes).buildkitVersion ?? {}),
};

export const SESSION_PATH: string = `${SERVICE}/Session`;

/** Fields of SolveRequest whose messages are given encoded. */
const FIELD = { definition: 2, frontendInputs: 10, sourcePolicy: 12 } as const;

function encodeSolveRequest(request: SolveRequest): Uint8Array {
  const writer = v1.SolveRequest.encode({
    Ref: request.ref,
    Session: request.session,
    Frontend: request.frontend ?? '',
    FrontendAttrs: { ...request.frontendAttrs },
    Exporters: request.exporters.map(encodeEntry),
    Cache: {
      Exports: (request.cacheExports ?? []).map(encodeEntry),
      Imports: (request.cacheImports ?? []).map(encodeEntry),
    },
    Entitlements: [...(request.entitlements ?? [])],
    Internal: request.internal ?? false,
    EnableSessionExporter: request.enableSessionExporter ?? false,
    SourcePolicySession: request.sourcePolicySession ?? '',
    // Daemons before BuildKit 0.13 know one exporter only.
    ...deprecatedExporter(request.exporters),
  });
  if (request.definition !== undefined) writer.uint32(tagOf(FIELD.definition)).bytes(request.definition);
  for (const [name, definition] of request.frontendInputs ?? []) {
    writer.uint32(tagOf(FIELD.frontendInputs)).fork();
    writer.uint32(tagOf(1)).string(name).uint32(tagOf(2)).bytes(definition).ldelim();
  }
  if (request.sourcePolicy !== undefined) writer.uint32(tagOf(FIELD.sourcePolicy)).bytes(request.sourcePolicy);
  return writer.finish();
}

/** The tag of a length-delimited field. */
function tagOf(field: number): number {
  return (field << 3) | 2;
}

function deprecatedExporter(
  exporters: readonly ExporterEntry[],
): Pick<moby.buildkit.v1.SolveRequest.$Properties, 'ExporterDeprecated' | 'ExporterAttrsDeprecated'> {
  const [first] = exporters;
  return first === undefined || exporters.length > 1
    ? {}
    : { ExporterDeprecated: first.type, ExporterAttrsDeprecated: { ...first.attrs } };
}

function encodeEntry(entry: ExporterEntry | CacheEntry): { Type: string; Attrs: Record<string, string> } {
  return { Type: entry.type, Attrs: { ...entry.attrs } };
}

/** Also part of what the bridge's Ping answers. */
export function decodeWorker(record: moby.buildkit.v1.types.WorkerRecord.$Properties): WorkerRecord {
  return {
    id: record.ID ?? '',
    labels: { ...record.Labels },
    platforms: (record.platforms ?? []).map(decodePlatform),
    gcPolicy: (record.GCPolicy ?? []).map((policy) => ({
      all: policy.all ?? false,
      keepDuration: fromLong(policy.keepDuration),
      filters: [...(policy.filters ?? [])],
      reservedSpace: fromLong(policy.reservedSpace),
      maxUsedSpace: fromLong(policy.maxUsedSpace),
      minFreeSpace: fromLong(policy.minFreeSpace),
    })),
    version: record.BuildkitVersion ? decodeVersion(record.BuildkitVersion) : undefined,
    devices: (record.CDIDevices ?? []).map((device) => ({
      name: device.Name ?? '',
      autoAllow: device.AutoAllow ?? false,
      annotations: { ...device.Annotations },
      onDemand: device.OnDemand ?? false,
    })),
  };
}

export function encodePlatform(platform: WorkerPlatform): pb.Platform.$Properties {
  return {
    OS: platform.os,
    Architecture: platform.architecture,
    Variant: platform.variant ?? '',
    OSVersion: platform.osVersion ?? '',
    OSFeatures: [...(platform.osFeatures ?? [])],
  };
}

function decodePlatform(platform: pb.Platform.$Properties): WorkerPlatform {
  return {
    os: platform.OS ?? '',
    architecture: platform.Architecture ?? '',
    variant: platform.Variant || undefined,
    osVersion: platform.OSVersion || undefined,
    osFeatures: platform.OSFeatures?.length ? [...platform.OSFeatures] : undefined,
  };
}

function decodeVersion(version: moby.buildkit.v1.types.BuildkitVersion.$Properties): BuildkitVersion {
  return {
    package: version.package ?? '',
    version: version.version ?? '',
    revision: version.revision ?? '',
    dockerfileVersion: version.dockerfileVersion ?? '',
  };
}
