// The fields of a typed instruction under the names of the reference.
import { assertNever } from '../../src/base/errors.ts';
import type {
  HealthConfig,
  InlineFile,
  Instruction,
  KeyValue,
  Mount,
  SourceContent,
} from '../../src/dockerfile/instructions/index.ts';

export function instructionData(instruction: Instruction): object {
  switch (instruction.kind) {
    case 'add':
      return {
        ...sourcesData(instruction),
        KeepGitDir: instruction.keepGitDir ?? null,
        Checksum: instruction.checksum,
        Unpack: instruction.unpack ?? null,
      };
    case 'copy':
      return { ...sourcesData(instruction), From: instruction.from, Parents: instruction.parents };
    case 'run':
      return {
        ...commandData(instruction),
        FlagsUsed: instruction.flagsUsed,
        Mounts: instruction.mounts.map(mountData),
        Network: instruction.network,
        Security: instruction.security,
      };
    case 'cmd':
      return commandData(instruction);
    case 'entrypoint':
      return { ...commandData(instruction), CmdLine: orNull(instruction.command) };
    case 'healthcheck':
      return { Health: healthData(instruction.health) };
    case 'env':
      return { Env: instruction.env.map(pairData) };
    case 'label':
      return { Labels: instruction.labels.map(pairData) };
    case 'arg':
      return {
        Args: instruction.args.map(({ key, value, docComment }) => ({
          Key: key,
          Value: value ?? null,
          DocComment: docComment,
        })),
      };
    case 'maintainer':
      return { Maintainer: instruction.maintainer };
    case 'onbuild':
      return { Expression: instruction.expression };
    case 'workdir':
      return { Path: instruction.path };
    case 'user':
      return { User: instruction.user };
    case 'volume':
      return { Volumes: instruction.volumes };
    case 'expose':
      return { Ports: instruction.ports };
    case 'stopsignal':
      return { Signal: instruction.signal };
    case 'shell':
      return { Shell: instruction.shell };
    default:
      return assertNever(instruction);
  }
}

/** Go's nil slice. */
function orNull<T>(list: readonly T[]): readonly T[] | null {
  return list.length === 0 ? null : list;
}

interface Sources {
  readonly dest: string;
  readonly sources: readonly string[];
  readonly contents: readonly SourceContent[];
  readonly chown: string;
  readonly chmod: string;
  readonly link: boolean;
  readonly excludes: readonly string[];
}

function sourcesData(instruction: Sources): object {
  return {
    DestPath: instruction.dest,
    SourcePaths: orNull(instruction.sources),
    SourceContents: orNull(
      instruction.contents.map(({ path, data, expand }) => ({ Path: path, Data: data, Expand: expand })),
    ),
    Chown: instruction.chown,
    Chmod: instruction.chmod,
    Link: instruction.link,
    ExcludePatterns: orNull(instruction.excludes),
  };
}

function commandData(instruction: {
  readonly command: readonly string[];
  readonly files: readonly InlineFile[];
  readonly prependShell: boolean;
}): object {
  return {
    CmdLine: instruction.command,
    Files: orNull(instruction.files.map(({ name, data, chomp }) => ({ Name: name, Data: data, Chomp: chomp }))),
    PrependShell: instruction.prependShell,
  };
}

function mountData(mount: Mount): object {
  return {
    Type: mount.type,
    From: mount.from,
    Source: mount.source,
    Target: mount.target,
    ReadOnly: mount.readOnly,
    SizeLimit: mount.sizeLimit,
    CacheID: mount.id,
    CacheSharing: mount.sharing,
    Required: mount.required,
    Env: mount.env ?? null,
    Mode: mount.mode ?? null,
    UID: mount.uid ?? null,
    GID: mount.gid ?? null,
  };
}

function healthData(health: HealthConfig): object {
  return {
    Test: health.test,
    Interval: orAbsent(health.interval),
    Timeout: orAbsent(health.timeout),
    StartPeriod: orAbsent(health.startPeriod),
    StartInterval: orAbsent(health.startInterval),
    Retries: health.retries === 0 ? undefined : health.retries,
  };
}

function orAbsent(nanoseconds: bigint): bigint | undefined {
  return nanoseconds === 0n ? undefined : nanoseconds;
}

function pairData({ key, value, legacy }: KeyValue): object {
  return { Key: key, Value: value, NoDelim: legacy };
}
