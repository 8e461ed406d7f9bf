import type {
  CapSet,
  ExecDevice,
  ExtraHost,
  LinuxResources,
  NetworkMode,
  ResolveMode,
  SourceMap,
  SourceVertex,
  State,
  Ulimit,
} from '../../llb/index.ts';
import type { Platform } from '../../oci/index.ts';
import type { CheckConfig, LintSink } from '../lint/index.ts';
import type { ImageConfig } from './image-config.ts';

/** What a build asks of the conversion, complete. */
export interface ConvertOptions {
  readonly target: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined: not asked for, the first build platform. */
  readonly targetPlatform: Platform | undefined;
  /** The platform of the machine, which fills up what a platform like `linux` leaves open. */
  readonly hostPlatform: Platform;
  /** The preferred platform of the builder first. */
  readonly buildPlatforms: readonly Platform[];
  /** Names of steps say their platform. */
  readonly isMultiPlatform: boolean;
  /** Convert all stages, also those that the target does not need. */
  readonly allStages: boolean;
  readonly resolveMode: ResolveMode;
  readonly networkMode: NetworkMode;
  readonly hostname: string;
  readonly extraHosts: readonly ExtraHost[];
  /** Bytes; 0 for the default. */
  readonly shmSize: bigint;
  readonly ulimits: readonly Ulimit[];
  readonly devices: readonly ExecDevice[];
  readonly cgroupParent: string;
  readonly linuxResources: LinuxResources | undefined;
  readonly cacheIdNamespace: string;
  /** Undefined: as the `# check=` line says. */
  readonly checkConfig: CheckConfig | undefined;
  readonly caps: CapSet;
  readonly sourceMap: SourceMap;
  /** Take what only the labs channel of the frontend takes: `RUN --device`. */
  readonly isLabs: boolean;
}

/** What the conversion needs of the world around it. */
export interface ConvertHost {
  /** Undefined: nothing is checked. */
  readonly lint: LintSink | undefined;
  isNoCache(stageName: string): boolean;
  /** The build context; `followPaths` empty: all of it. */
  mainContext(followPaths: readonly string[], options: SignalOptions): Promise<State>;
  /** The patterns of the context's .dockerignore; none when it is not a directory. */
  ignorePatterns(options: SignalOptions): Promise<readonly string[]>;
  /** The context that replaces a stage or an image of this name. Throws when the name is wrong. */
  namedContext(name: string, request: NamedContextRequest): NamedContext | undefined;
  resolveImage(ref: string, request: ResolveImageRequest, options: SignalOptions): Promise<ResolvedImage>;
  /** The time of a source: of its commit, its last change, its newest file; undefined when it has none. */
  sourceTime(source: SourceVertex, logName: string, options: SignalOptions): Promise<bigint | undefined>;
  /** A name for steps shown as one. */
  newProgressGroupId(): string;
}

export interface SignalOptions {
  readonly signal: AbortSignal;
}

export interface NamedContextRequest {
  readonly platform: Platform | undefined;
  readonly resolveMode: ResolveMode;
  /** The paths used of it, known when everything is converted; empty: all. */
  readonly followPaths: () => readonly string[];
}

export interface NamedContext {
  load(options: SignalOptions): Promise<{ readonly state: State; readonly image: ImageConfig | undefined }>;
}

export interface ResolveImageRequest {
  readonly logName: string;
  readonly platform: Platform;
  readonly resolveMode: ResolveMode;
}

export interface ResolvedImage {
  /** May differ from what was asked for, by a source policy. */
  readonly ref: string;
  /** Empty when not known. */
  readonly digest: string;
  readonly config: Uint8Array;
}

/** One platform's build, ready to be marshalled. */
export interface Conversion {
  readonly state: State;
  readonly image: ImageConfig;
  readonly baseImage: ImageConfig | undefined;
  /** Platform of ops that name none. */
  readonly platform: Platform;
  /** SOURCE_DATE_EPOCH in seconds. */
  readonly epoch: bigint | undefined;
  readonly isIgnoreCache: boolean;
  /** What an SBOM scanner looks at beside the result: the context and stages, by name. */
  readonly sbomExtras: ReadonlyMap<string, State>;
}
