// Messages of LLBBridge to and from our own types.
import { type fsutil, fromLong, fromTimestamp, google, moby, pb, toLong } from '../../proto/index.ts';
import { decodeWorker, encodePlatform, encodeSourceInfo } from '../control/index.ts';
import type { Method } from '../rpc/index.ts';
import type {
  BridgeInfo,
  BridgeResult,
  BridgeSolveRequest,
  BridgeWarning,
  Capability,
  FileStat,
  ImageConfig,
  ImageConfigRequest,
  ReadDirRequest,
  ReadFileRequest,
  SourceMeta,
  SourceMetaRequest,
  StatFileRequest,
} from './bridge.ts';
import { decodeResult, encodeResult } from './result-codec.ts';

const { frontend } = moby.buildkit.v1;
const SERVICE = '/moby.buildkit.v1.frontend.LLBBridge';
/** Of `ResolveImageConfigRequest.ResolverType`. */
const OCI_LAYOUT_RESOLVER = 1;

export const PING: Method<undefined, BridgeInfo> = {
  path: `${SERVICE}/Ping`,
  encode: () => frontend.PingRequest.encode({}).finish(),
  decode: (bytes) => {
    const pong = frontend.PongResponse.decode(bytes);
    return {
      frontendCaps: pong.FrontendAPICaps.map(decodeCapability),
      llbCaps: pong.LLBCaps.map(decodeCapability),
      workers: pong.Workers.map(decodeWorker),
    };
  },
};

export const RESOLVE_SOURCE_META: Method<SourceMetaRequest, SourceMeta> = {
  path: `${SERVICE}/ResolveSourceMeta`,
  encode: (request) =>
    withPolicies(
      frontend.ResolveSourceMetaRequest.encode({
        Source: { identifier: request.source.identifier, attrs: { ...request.source.attrs } },
        Platform: request.platform ? encodePlatform(request.platform) : null,
        LogName: request.logName,
        ResolveMode: request.resolveMode ?? '',
        Git: request.gitObject ? { ReturnObject: true } : null,
        Image: request.image
          ? { NoConfig: request.image.noConfig ?? false, AttestationChain: request.image.attestationChain ?? false }
          : null,
      }),
      FIELD.metaPolicies,
      request.sourcePolicies,
    ),
  decode: (bytes) => decodeSourceMeta(frontend.ResolveSourceMetaResponse.decode(bytes)),
};

export const RESOLVE_IMAGE_CONFIG: Method<ImageConfigRequest, ImageConfig> = {
  path: `${SERVICE}/ResolveImageConfig`,
  encode: (request) =>
    frontend.ResolveImageConfigRequest.encode({
      Ref: request.ref,
      Platform: request.platform ? encodePlatform(request.platform) : null,
      ResolveMode: request.resolveMode,
      LogName: request.logName,
      ...(request.layout && {
        ResolverType: OCI_LAYOUT_RESOLVER,
        SessionID: request.layout.sessionId,
        StoreID: request.layout.storeId,
      }),
    }).finish(),
  decode: (bytes) => {
    const { Ref, Digest, Config } = frontend.ResolveImageConfigResponse.decode(bytes);
    return { ref: Ref, digest: Digest, config: Config };
  },
};

export const SOLVE: Method<BridgeSolveRequest, BridgeResult> = {
  path: `${SERVICE}/Solve`,
  encode: encodeSolve,
  decode: (bytes) => {
    const { result, ref } = frontend.SolveResponse.decode(bytes);
    return decodeResult(result ?? { refDeprecated: ref });
  },
};

export const READ_FILE: Method<ReadFileRequest, Uint8Array> = {
  path: `${SERVICE}/ReadFile`,
  encode: ({ ref, path, range }) =>
    frontend.ReadFileRequest.encode({
      Ref: ref,
      FilePath: path,
      Range: range ? { Offset: toLong(range.offset), Length: toLong(range.length) } : null,
    }).finish(),
  decode: (bytes) => frontend.ReadFileResponse.decode(bytes).Data,
};

export const READ_DIR: Method<ReadDirRequest, readonly FileStat[]> = {
  path: `${SERVICE}/ReadDir`,
  encode: ({ ref, path, includePattern }) =>
    frontend.ReadDirRequest.encode({ Ref: ref, DirPath: path, IncludePattern: includePattern ?? '' }).finish(),
  decode: (bytes) => frontend.ReadDirResponse.decode(bytes).entries.map(decodeStat),
};

export const STAT_FILE: Method<StatFileRequest, FileStat> = {
  path: `${SERVICE}/StatFile`,
  encode: ({ ref, path }) => frontend.StatFileRequest.encode({ Ref: ref, Path: path }).finish(),
  decode: (bytes) => decodeStat(frontend.StatFileResponse.decode(bytes).stat ?? {}),
};

export const EVALUATE: Method<string, undefined> = {
  path: `${SERVICE}/Evaluate`,
  encode: (ref) => frontend.EvaluateRequest.encode({ Ref: ref }).finish(),
  decode: () => undefined,
};

export const INPUTS: Method<undefined, ReadonlyMap<string, Uint8Array>> = {
  path: `${SERVICE}/Inputs`,
  encode: () => frontend.InputsRequest.encode({}).finish(),
  decode: (bytes) =>
    new Map(
      Object.entries(frontend.InputsResponse.decode(bytes).Definitions).map(([name, definition]) => [
        name,
        pb.Definition.encode(definition).finish(),
      ]),
    ),
};

export const WARN: Method<BridgeWarning, undefined> = {
  path: `${SERVICE}/Warn`,
  encode: (warning) =>
    frontend.WarnRequest.encode({
      digest: warning.digest,
      level: toLong(warning.level),
      short: warning.short,
      detail: [...warning.detail],
      url: warning.url,
      info: warning.source ? encodeSourceInfo(warning.source) : null,
      ranges: warning.ranges.map(({ start, end }) => ({ start: { ...start }, end: { ...end } })),
    }).finish(),
  decode: () => undefined,
};

export const RETURN: Method<BridgeResult, undefined> = {
  path: `${SERVICE}/Return`,
  encode: (result) => frontend.ReturnRequest.encode({ result: encodeResult(result) }).finish(),
  decode: () => undefined,
};

/** The request is an encoded `google.rpc.Status`. */
export const RETURN_ERROR: Method<Uint8Array, undefined> = {
  path: `${SERVICE}/Return`,
  encode: (status) => frontend.ReturnRequest.encode({ error: google.rpc.Status.decode(status) }).finish(),
  decode: () => undefined,
};

/** Fields whose messages are given encoded. */
const FIELD = { definition: 1, frontendInputs: 13, solvePolicies: 15, metaPolicies: 8 } as const;

function encodeSolve(request: BridgeSolveRequest): Uint8Array {
  const writer = frontend.SolveRequest.encode({
    Frontend: request.frontend ?? '',
    FrontendOpt: { ...request.frontendOpts },
    // Without these two the daemon answers in a form that has no refs.
    allowResultReturn: true,
    allowResultArrayRef: true,
    CacheImports: (request.cacheImports ?? []).map(({ type, attrs }) => ({ Type: type, Attrs: { ...attrs } })),
    Evaluate: request.evaluate ?? false,
  });
  if (request.definition !== undefined) writer.uint32(tagOf(FIELD.definition)).bytes(request.definition);
  for (const [name, definition] of request.frontendInputs ?? []) {
    writer.uint32(tagOf(FIELD.frontendInputs)).fork();
    writer.uint32(tagOf(1)).string(name).uint32(tagOf(2)).bytes(definition).ldelim();
  }
  return withPolicies(writer, FIELD.solvePolicies, request.sourcePolicies);
}

type Writer = ReturnType<typeof frontend.SolveRequest.encode>;

function withPolicies(writer: Writer, field: number, policies: readonly Uint8Array[] | undefined): Uint8Array {
  for (const policy of policies ?? []) writer.uint32(tagOf(field)).bytes(policy);
  return writer.finish();
}

/** The tag of a length-delimited field. */
function tagOf(field: number): number {
  return (field << 3) | 2;
}

function decodeCapability(cap: moby.buildkit.v1.apicaps.APICap.$Properties): Capability {
  return {
    id: cap.ID ?? '',
    enabled: cap.Enabled ?? false,
    deprecated: cap.Deprecated ?? false,
    disabledReason: cap.DisabledReason ?? '',
    disabledReasonMessage: cap.DisabledReasonMsg ?? '',
    disabledAlternative: cap.DisabledAlternative ?? '',
  };
}

function decodeSourceMeta(meta: moby.buildkit.v1.frontend.ResolveSourceMetaResponse.$Properties): SourceMeta {
  const { Source, Image, Git, HTTP } = meta;
  return {
    source: { identifier: Source?.identifier ?? '', attrs: { ...Source?.attrs } },
    image: Image ? { digest: Image.Digest ?? '', config: Image.Config ?? new Uint8Array() } : undefined,
    git: Git
      ? {
          checksum: Git.Checksum ?? '',
          ref: Git.Ref ?? '',
          commitChecksum: Git.CommitChecksum ?? '',
          commitObject: Git.CommitObject ?? new Uint8Array(),
          tagObject: Git.TagObject ?? new Uint8Array(),
        }
      : undefined,
    http: HTTP
      ? { checksum: HTTP.Checksum ?? '', filename: HTTP.Filename ?? '', lastModified: fromTimestamp(HTTP.LastModified) }
      : undefined,
  };
}

function decodeStat(stat: fsutil.types.Stat.$Properties): FileStat {
  return {
    path: stat.path ?? '',
    mode: stat.mode ?? 0,
    uid: stat.uid ?? 0,
    gid: stat.gid ?? 0,
    size: fromLong(stat.size),
    modTime: fromLong(stat.modTime),
    linkname: stat.linkname ?? '',
  };
}
