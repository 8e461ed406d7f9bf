// What `history inspect --format` sees. Matches inspectOutput of buildx commands/history/inspect.go.
import type {
  InspectedAttachment,
  InspectedRecord,
  NamedValue,
  RecordConfig,
  RecordError,
  RecordMaterial,
} from '../../index.ts';
import type { GoTime } from '../../base/go-time.ts';
import { localTime } from './local-time.ts';
import { errorSources, errorStack } from './record-error-text.ts';
import {
  bool,
  bytes,
  duration,
  field,
  int,
  int32,
  list,
  namedText,
  pointer,
  type Shape,
  struct,
  text,
  time,
} from './template/index.ts';

const OMIT = ',omitempty';

const namedValue = struct<NamedValue>({
  name: 'history.keyValueOutput',
  fields: { Name: field(text, ({ name }) => name, OMIT), Value: field(text, ({ value }) => value, OMIT) },
});

const errorShape = struct<RecordError>({
  name: 'history.errorOutput',
  fields: {
    Code: field(int, ({ code }) => code, OMIT),
    Message: field(text, ({ message }) => message, OMIT),
    Name: field(text, ({ stepName }) => stepName, OMIT),
    Logs: field(list(text), ({ logs }) => orNil(logs), OMIT),
    Sources: field(bytes, bytesOf(errorSources), OMIT),
    Stack: field(bytes, bytesOf(errorStack), OMIT),
  },
});

const configShape = struct<RecordConfig>({
  name: 'history.configOutput',
  fields: {
    Network: field(text, ({ network }) => network, OMIT),
    ExtraHosts: field(list(text), ({ extraHosts }) => orNil(extraHosts), OMIT),
    Hostname: field(text, ({ hostname }) => hostname, OMIT),
    CgroupParent: field(text, ({ cgroupParent }) => cgroupParent, OMIT),
    ImageResolveMode: field(text, ({ imageResolveMode }) => imageResolveMode, OMIT),
    MultiPlatform: field(bool, ({ multiPlatform }) => multiPlatform, OMIT),
    NoCache: field(bool, ({ noCache }) => noCache, OMIT),
    NoCacheFilter: field(list(text), ({ noCacheFilter }) => orNil(noCacheFilter), OMIT),
    ShmSize: field(text, ({ shmSize }) => shmSize, OMIT),
    Ulimit: field(text, ({ ulimit }) => ulimit, OMIT),
    Memory: field(text, ({ memory }) => memory, OMIT),
    MemorySwap: field(text, ({ memorySwap }) => memorySwap, OMIT),
    CPUShares: field(text, ({ cpuShares }) => cpuShares, OMIT),
    CPUPeriod: field(text, ({ cpuPeriod }) => cpuPeriod, OMIT),
    CPUQuota: field(text, ({ cpuQuota }) => cpuQuota, OMIT),
    CPUSetCPUs: field(text, ({ cpusetCpus }) => cpusetCpus, OMIT),
    CPUSetMems: field(text, ({ cpusetMems }) => cpusetMems, OMIT),
    CacheMountNS: field(text, ({ cacheMountNs }) => cacheMountNs, OMIT),
    DockerfileCheckConfig: field(text, ({ dockerfileCheckConfig }) => dockerfileCheckConfig, OMIT),
    SourceDateEpoch: field(text, ({ sourceDateEpoch }) => sourceDateEpoch, OMIT),
    SandboxHostname: field(text, ({ sandboxHostname }) => sandboxHostname, OMIT),
    RestRaw: field(list(namedValue), ({ rest }) => orNil(rest), OMIT),
  },
});

const materialShape = struct<RecordMaterial>({
  name: 'history.materialOutput',
  fields: {
    URI: field(text, ({ uri }) => uri, OMIT),
    Digests: field(list(text), ({ digests }) => orNil(digests), OMIT),
  },
});

const attachmentShape = struct<InspectedAttachment>({
  name: 'history.attachmentOutput',
  fields: {
    Digest: field(text, ({ digest }) => digest, OMIT),
    Platform: field(text, ({ platform }) => platform, OMIT),
    Type: field(text, ({ type }) => type, OMIT),
  },
});

export const recordShape: Shape<InspectedRecord> = struct<InspectedRecord>({
  name: 'history.inspectOutput',
  fields: {
    Name: field(text, ({ name }) => name, OMIT),
    Ref: field(text, ({ ref }) => ref),
    Context: field(text, ({ context }) => context, OMIT),
    Dockerfile: field(text, ({ dockerfile }) => dockerfile, OMIT),
    VCSRepository: field(text, ({ vcsRepository }) => vcsRepository, OMIT),
    VCSRevision: field(text, ({ vcsRevision }) => vcsRevision, OMIT),
    Target: field(text, ({ target }) => target, OMIT),
    Platform: field(list(text), ({ platforms }) => orNil(platforms), OMIT),
    KeepGitDir: field(bool, ({ keepGitDir }) => keepGitDir, OMIT),
    NamedContexts: field(list(namedValue), ({ namedContexts }) => orNil(namedContexts), OMIT),
    StartedAt: field(pointer(time), ({ startedAt }) => local(startedAt), OMIT),
    CompletedAt: field(pointer(time), ({ completedAt }) => local(completedAt), OMIT),
    Duration: field(duration, (record) => record.duration, OMIT),
    Status: field(namedText('history.statusT'), ({ status }) => status, OMIT),
    Error: field(pointer(errorShape), ({ error }) => error, OMIT),
    NumCompletedSteps: field(int32, ({ numCompletedSteps }) => numCompletedSteps),
    NumTotalSteps: field(int32, ({ numTotalSteps }) => numTotalSteps),
    NumCachedSteps: field(int32, ({ numCachedSteps }) => numCachedSteps),
    BuildArgs: field(list(namedValue), ({ buildArgs }) => orNil(buildArgs), OMIT),
    Labels: field(list(namedValue), ({ labels }) => orNil(labels), OMIT),
    Config: field(configShape, ({ config }) => config),
    Materials: field(list(materialShape), ({ materials }) => orNil(materials), OMIT),
    Attachments: field(list(attachmentShape), ({ attachments }) => orNil(attachments), OMIT),
    Errors: field(list(text), ({ errors }) => orNil(errors), OMIT),
  },
});

function local(unixNano: bigint | undefined): GoTime | undefined {
  return unixNano === undefined ? undefined : localTime(unixNano);
}

/** A list that nothing was put into. */
function orNil<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length === 0 ? undefined : list;
}

function bytesOf(write: (error: RecordError) => string): (error: RecordError) => Uint8Array | undefined {
  return (error) => {
    const written = write(error);
    return written === '' ? undefined : Buffer.from(written);
  };
}
