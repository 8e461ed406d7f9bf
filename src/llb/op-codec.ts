// Bytes of ops. A digest is the hash of these bytes, so the order must be Go's: members of a oneof after the plain
// fields, map keys sorted by bytes, empty proto3 values left out.
import { hash } from 'node:crypto';
import { assertNever, TsbuildxError } from '../base/errors.ts';
import { compareUtf8 } from '../base/go-json.ts';
import { type Long, pb, toLong } from '../proto/index.ts';
import type { ExecModel, ExecMount, ProxyEnv } from './exec-op.ts';
import type { FileActionModel, Owner } from './file-op.ts';
import type { Platform } from '../oci/index.ts';
import type { OpInput } from './vertex.ts';

/** The fields of an op beside its kind. */
export interface OpFrame {
  readonly inputs: readonly OpInput[];
  /** Only on ops that differ by platform. */
  readonly platform?: Platform | undefined;
}

export interface EncodedOp {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export function encodeSourceOp(frame: OpFrame, identifier: string, attrs: ReadonlyMap<string, string>): EncodedOp {
  return encodeOp(frame, { source: { identifier, attrs: sortedRecord(attrs) } });
}

export function encodeMergeOp(frame: OpFrame): EncodedOp {
  return encodeOp(frame, { merge: { inputs: frame.inputs.map((_, input) => ({ input: int64(input) })) } });
}

/** `lower` and `upper` are numbers of inputs, -1 for scratch. */
export function encodeDiffOp(frame: OpFrame, lower: number, upper: number): EncodedOp {
  return encodeOp(frame, { diff: { lower: { input: int64(lower) }, upper: { input: int64(upper) } } });
}

export function encodeFileOp(frame: OpFrame, actions: readonly FileActionModel[]): EncodedOp {
  return encodeOp(frame, { file: { actions: actions.map(fileAction) } });
}

export function encodeExecOp(frame: OpFrame, model: ExecModel): EncodedOp {
  const { proxy } = model;
  return encodeOp(frame, {
    exec: {
      meta: {
        args: [...model.args],
        env: [...model.env],
        cwd: model.cwd,
        user: model.user,
        proxy_env: proxy === undefined ? null : proxyEnv(proxy),
        extraHosts: model.extraHosts.map(({ host, ip }) => ({ Host: host, IP: ip })),
        hostname: model.hostname,
        ulimit: model.ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: int64(soft), Hard: int64(hard) })),
        cgroupParent: model.cgroupParent,
        removeMountStubsRecursive: true,
      },
      mounts: model.mounts.map(mount),
      network: networks[model.network],
      security: model.insecure ? pb.SecurityMode.INSECURE : pb.SecurityMode.SANDBOX,
      secretenv: model.secretEnv.map(({ id, name, optional }) => ({ ID: id, name, optional })),
      cdiDevices: model.devices.map(({ name, optional }) => ({ name, optional })),
    },
  });
}

/** The last entry of a definition: it only says which output is the result. */
export function encodeHeadOp(input: OpInput): EncodedOp {
  return hashed(pb.Op.encode({ inputs: [opInput(input)] }).finish());
}

const networks = { sandbox: pb.NetMode.UNSET, host: pb.NetMode.HOST, none: pb.NetMode.NONE };
const sharings = {
  shared: pb.CacheSharingOpt.SHARED,
  private: pb.CacheSharingOpt.PRIVATE,
  locked: pb.CacheSharingOpt.LOCKED,
};

function encodeOp(frame: OpFrame, member: pb.Op.$Properties): EncodedOp {
  const plain = pb.Op.encode({
    inputs: frame.inputs.map(opInput),
    platform: frame.platform === undefined ? null : platform(frame.platform),
    constraints: {},
  });
  const bytes = pb.Op.encode(member, plain).finish();
  // Text that cannot be UTF-8 comes out with one of these bytes, and little else does.
  if (bytes.includes(0xed) || bytes.includes(0xef)) requireUtf8(member);
  return hashed(bytes);
}

function platform(value: Platform): pb.Platform.$Properties {
  return {
    OS: value.os,
    Architecture: value.architecture,
    Variant: value.variant ?? '',
    OSVersion: value.osVersion ?? '',
    OSFeatures: [...(value.osFeatures ?? [])],
  };
}

function proxyEnv(proxy: ProxyEnv): pb.ProxyEnv.$Properties {
  return {
    http_proxy: proxy.http,
    https_proxy: proxy.https,
    ftp_proxy: proxy.ftp,
    no_proxy: proxy.no,
    all_proxy: proxy.all,
  };
}

/** Most numbers are small, and making a Long takes time. */
const smallest = -1;
const small = Array.from({ length: 64 }, (_, i) => toLong(smallest + i));

function int64(value: number | bigint): Long {
  return small[Number(value) - smallest] ?? toLong(value);
}

function hashed(bytes: Uint8Array): EncodedOp {
  return { bytes, digest: `sha256:${hash('sha256', bytes)}` };
}

function opInput({ digest, index }: OpInput): pb.Input.$Properties {
  return { digest, index: int64(index) };
}

function mount(model: ExecMount): pb.Mount.$Properties {
  const base = {
    input: int64(model.input),
    selector: model.selector,
    dest: model.target,
    output: int64(model.output),
    readonly: model.readonly,
  };
  const { special } = model;
  if (special === undefined) return base;
  switch (special.kind) {
    case 'cache':
      return {
        ...base,
        mountType: pb.MountType.CACHE,
        cacheOpt: { ID: special.id, sharing: sharings[special.sharing] },
      };
    case 'tmpfs':
      return { ...base, mountType: pb.MountType.TMPFS, TmpfsOpt: { size: int64(special.size) } };
    case 'secret':
      return { ...base, mountType: pb.MountType.SECRET, secretOpt: grant(special) };
    case 'ssh':
      return { ...base, mountType: pb.MountType.SSH, SSHOpt: grant(special) };
    default:
      return assertNever(special);
  }
}

function grant(file: {
  id: string;
  uid: number;
  gid: number;
  mode: number;
  optional: boolean;
}): pb.SecretOpt.$Properties {
  return { ID: file.id, uid: file.uid >>> 0, gid: file.gid >>> 0, mode: file.mode >>> 0, optional: file.optional };
}

function fileAction(action: FileActionModel): pb.FileAction.$Properties {
  const frame = {
    input: int64(action.input),
    secondaryInput: int64(action.secondaryInput),
    output: int64(action.output),
  };
  switch (action.kind) {
    case 'mkdir':
      return {
        ...frame,
        mkdir: {
          path: action.path,
          mode: action.mode,
          makeParents: action.makeParents,
          owner: owner(action.owner, action.base),
          timestamp: int64(action.timestamp),
        },
      };
    case 'mkfile':
      return {
        ...frame,
        mkfile: {
          path: action.path,
          mode: action.mode,
          data: action.data,
          owner: owner(action.owner, action.base),
          timestamp: int64(action.timestamp),
        },
      };
    case 'copy':
      return {
        ...frame,
        copy: {
          src: action.src,
          dest: action.dest,
          owner: owner(action.owner, action.base),
          mode: action.mode,
          modeStr: action.modeText,
          followSymlink: action.followSymlinks,
          dirCopyContents: action.directoryContentsOnly,
          attemptUnpackDockerCompatibility: action.unpack,
          createDestPath: action.createDestPath,
          allowWildcard: action.allowWildcard,
          allowEmptyWildcard: action.allowWildcard,
          timestamp: int64(action.timestamp),
          include_patterns: [...action.includePatterns],
          exclude_patterns: [...action.excludePatterns],
          required_paths: [...action.requiredPaths],
        },
      };
    default:
      return assertNever(action);
  }
}

function owner(value: Owner | undefined, base: number): pb.ChownOpt.$Properties | null {
  if (value === undefined) return null;
  const side = (who: string | number | undefined): pb.UserOpt.$Properties | null => {
    if (who === undefined) return null;
    return typeof who === 'number' ? { byID: who >>> 0 } : { byName: { name: who, input: int64(base) } };
  };
  return { user: side(value.user), group: side(value.group) };
}

/** An object with its keys in byte order, as Go's deterministic marshal writes maps. */
export function sortedRecord<T>(map: ReadonlyMap<string, T>): Record<string, T> {
  return mapRecord(map, (value) => value);
}

/** The same with other values. */
export function mapRecord<T, U>(map: ReadonlyMap<string, T>, convert: (value: T, key: string) => U): Record<string, U> {
  const record: Record<string, U> = Object.create(null) as Record<string, U>;
  for (const [key, value] of isSorted(map.keys()) ? map : sorted(map)) record[key] = convert(value, key);
  return record;
}

function isSorted(keys: Iterable<string>): boolean {
  let last = '';
  for (const key of keys) {
    if (compareUtf8(last, key) > 0) return false;
    last = key;
  }
  return true;
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compareUtf8(a, b));
}

/** Protobuf strings are UTF-8; Go refuses others, and protobufjs would write something else instead. */
function requireUtf8(value: unknown): void {
  if (typeof value === 'string') {
    if (!value.isWellFormed()) throw new TsbuildxError('DOCKERFILE', 'string field contains invalid UTF-8');
  } else if (Array.isArray(value)) value.forEach(requireUtf8);
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    for (const part of Object.values(value)) requireUtf8(part);
  }
}
