import type { LineSpan } from '../syntax/index.ts';

/** What every instruction keeps of its source. */
interface InstructionBase {
  /** The keyword as written (`run`, `Run`, …). */
  readonly name: string;
  /** The logical source line, trimmed. */
  readonly code: string;
  readonly lines: LineSpan;
  readonly comments: readonly string[];
}

export interface KeyValue {
  readonly key: string;
  readonly value: string;
  /** Written in the legacy form `KEY value`. */
  readonly legacy: boolean;
}

export interface ArgDefinition {
  readonly key: string;
  /** Absent for `ARG NAME`. */
  readonly value: string | undefined;
  /** The text after `# NAME ` in the comment above. */
  readonly docComment: string;
}

/** A file given in the Dockerfile itself, by a here-document of ADD or COPY. */
export interface SourceContent {
  readonly path: string;
  readonly data: string;
  readonly expand: boolean;
}

interface SourcesAndDest {
  readonly sources: readonly string[];
  readonly contents: readonly SourceContent[];
  readonly dest: string;
  readonly chown: string;
  readonly chmod: string;
  readonly link: boolean;
  readonly excludes: readonly string[];
}

export interface AddInstruction extends InstructionBase, SourcesAndDest {
  readonly kind: 'add';
  /** Undefined when the flag is not given. */
  readonly keepGitDir: boolean | undefined;
  readonly checksum: string;
  /** Undefined when the flag is not given. */
  readonly unpack: boolean | undefined;
}

export interface CopyInstruction extends InstructionBase, SourcesAndDest {
  readonly kind: 'copy';
  readonly from: string;
  readonly parents: boolean;
}

/** A here-document of RUN, CMD or ENTRYPOINT. `data` still has the tabs that `chomp` drops. */
export interface InlineFile {
  readonly name: string;
  readonly data: string;
  readonly chomp: boolean;
}

interface CommandLine {
  /** Exec form: the words. Shell form: one element, or none when nothing was written. */
  readonly command: readonly string[];
  readonly files: readonly InlineFile[];
  /** Shell form: the shell of the stage goes before `command`. */
  readonly prependShell: boolean;
}

export type MountType = 'bind' | 'cache' | 'tmpfs' | 'secret' | 'ssh';
export type CacheSharing = 'shared' | 'private' | 'locked';

export interface Mount {
  readonly type: MountType;
  readonly from: string;
  readonly source: string;
  readonly target: string;
  readonly readOnly: boolean;
  /** Bytes; 0 is none. */
  readonly sizeLimit: number;
  readonly id: string;
  readonly sharing: CacheSharing | '';
  readonly required: boolean;
  /** Environment variable of a secret; empty asks for the default name. */
  readonly env: string | undefined;
  readonly mode: number | undefined;
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

export interface Device {
  readonly name: string;
  readonly required: boolean;
}

export type NetworkMode = 'default' | 'none' | 'host';
export type SecurityMode = 'sandbox' | 'insecure';

export interface RunInstruction extends InstructionBase, CommandLine {
  readonly kind: 'run';
  /** Names of the flags used, sorted. */
  readonly flagsUsed: readonly string[];
  /** The `--mount` values as written; `mounts` is made from them anew when variables are expanded. */
  readonly mountFlags: readonly string[];
  /** Before expansion only `from` is filled in, as in the reference. */
  readonly mounts: readonly Mount[];
  readonly devices: readonly Device[];
  readonly network: NetworkMode;
  readonly security: SecurityMode;
}

export interface CmdInstruction extends InstructionBase, CommandLine {
  readonly kind: 'cmd';
}

export interface EntrypointInstruction extends InstructionBase, CommandLine {
  readonly kind: 'entrypoint';
}

/** Durations in nanoseconds, 0 when not given. */
export interface HealthConfig {
  readonly test: readonly string[];
  readonly interval: bigint;
  readonly timeout: bigint;
  readonly startPeriod: bigint;
  readonly startInterval: bigint;
  readonly retries: number;
}

export interface HealthcheckInstruction extends InstructionBase {
  readonly kind: 'healthcheck';
  readonly health: HealthConfig;
}

export interface EnvInstruction extends InstructionBase {
  readonly kind: 'env';
  readonly env: readonly KeyValue[];
}

export interface LabelInstruction extends InstructionBase {
  readonly kind: 'label';
  readonly labels: readonly KeyValue[];
}

export interface ArgInstruction extends InstructionBase {
  readonly kind: 'arg';
  readonly args: readonly ArgDefinition[];
}

export interface MaintainerInstruction extends InstructionBase {
  readonly kind: 'maintainer';
  readonly maintainer: string;
}

export interface OnbuildInstruction extends InstructionBase {
  readonly kind: 'onbuild';
  /** The trigger as Dockerfile text, here-documents included. */
  readonly expression: string;
}

export interface WorkdirInstruction extends InstructionBase {
  readonly kind: 'workdir';
  readonly path: string;
}

export interface UserInstruction extends InstructionBase {
  readonly kind: 'user';
  readonly user: string;
}

export interface VolumeInstruction extends InstructionBase {
  readonly kind: 'volume';
  readonly volumes: readonly string[];
}

export interface ExposeInstruction extends InstructionBase {
  readonly kind: 'expose';
  /** Sorted by bytes, not yet checked. */
  readonly ports: readonly string[];
}

export interface StopsignalInstruction extends InstructionBase {
  readonly kind: 'stopsignal';
  readonly signal: string;
}

export interface ShellInstruction extends InstructionBase {
  readonly kind: 'shell';
  readonly shell: readonly string[];
}

/** Everything that can stand in a stage. */
export type Instruction =
  | AddInstruction
  | ArgInstruction
  | CmdInstruction
  | CopyInstruction
  | EntrypointInstruction
  | EnvInstruction
  | ExposeInstruction
  | HealthcheckInstruction
  | LabelInstruction
  | MaintainerInstruction
  | OnbuildInstruction
  | RunInstruction
  | ShellInstruction
  | StopsignalInstruction
  | UserInstruction
  | VolumeInstruction
  | WorkdirInstruction;

export type InstructionKind = Instruction['kind'];

/** A FROM line. */
export interface FromInstruction extends InstructionBase {
  readonly kind: 'from';
  /** Lower case; empty when the stage has no name. */
  readonly stageName: string;
  readonly baseName: string;
  /** The value of `--platform`, unexpanded; empty when not given. */
  readonly platform: string;
  /** The text after `# stage-name ` in the comment above. */
  readonly docComment: string;
}

export interface Stage {
  readonly from: FromInstruction;
  readonly instructions: readonly Instruction[];
}

export interface ParsedDockerfile {
  /** The ARGs before the first FROM. */
  readonly metaArgs: readonly ArgInstruction[];
  readonly stages: readonly Stage[];
}
