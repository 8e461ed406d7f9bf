// The image config as docker's image-spec has it: field order, omitted and null values decide its digest.
import { TsbuildxError } from '../../base/errors.ts';
import { type GoJsonValue, goJson } from '../../base/go-json.ts';
import { ConfigEnv } from './config-env.ts';
import type { Platform } from '../../oci/index.ts';
import { defaultPathEnv } from './system-path.ts';

/** Stands for a time before the year 0 or after 9999. */
export const unwritableTime = 'unwritable';

export interface HistoryEntry {
  /** RFC 3339, or `unwritableTime`. */
  readonly created?: string | undefined;
  readonly createdBy: string;
  readonly author: string;
  readonly comment: string;
  readonly emptyLayer: boolean;
}

/** Durations in nanoseconds. */
export interface Healthcheck {
  readonly test: readonly string[];
  readonly interval: bigint;
  readonly timeout: bigint;
  readonly startPeriod: bigint;
  readonly startInterval: bigint;
  readonly retries: number;
}

/** How containers of the image run. */
export interface RunConfig {
  user: string;
  exposedPorts: Set<string>;
  env: ConfigEnv;
  entrypoint: readonly string[];
  cmd: readonly string[];
  volumes: Set<string>;
  workingDir: string;
  labels: Map<string, string>;
  stopSignal: string;
  argsEscaped: boolean;
  healthcheck: Healthcheck | undefined;
  onBuild: string[];
  shell: readonly string[];
}

/** An image config while a stage is worked on: changed in place, so every stage has a clone of its own. */
export interface ImageConfig {
  created: string | undefined;
  author: string;
  architecture: string;
  os: string;
  osVersion: string;
  osFeatures: readonly string[];
  variant: string;
  rootfsType: string;
  /** Null when the source names none. */
  diffIds: readonly string[] | null;
  history: HistoryEntry[];
  config: RunConfig;
}

export function cloneImage(image: ImageConfig): ImageConfig {
  const { config } = image;
  return {
    ...image,
    history: [...image.history],
    config: {
      ...config,
      env: new ConfigEnv(config.env.entries),
      onBuild: [...config.onBuild],
      exposedPorts: new Set(config.exposedPorts),
      volumes: new Set(config.volumes),
      labels: new Map(config.labels),
    },
  };
}

/** What `FROM scratch` starts from. */
export function emptyImage(platform: Platform): ImageConfig {
  const env = new ConfigEnv(platform.os === 'windows' ? [] : [`PATH=${defaultPathEnv(platform.os)}`]);
  return {
    ...blankImage(),
    architecture: platform.architecture,
    os: platform.os,
    osVersion: platform.osVersion ?? '',
    osFeatures: platform.osFeatures ?? [],
    variant: platform.variant ?? '',
    rootfsType: 'layers',
    config: { ...blankConfig(), env, workingDir: '/' },
  };
}

/** An image config in which nothing is set. */
export function blankImage(): ImageConfig {
  return {
    created: undefined,
    author: '',
    architecture: '',
    os: '',
    osVersion: '',
    osFeatures: [],
    variant: '',
    rootfsType: '',
    diffIds: null,
    history: [],
    config: blankConfig(),
  };
}

function blankConfig(): RunConfig {
  return {
    user: '',
    exposedPorts: new Set(),
    env: new ConfigEnv([]),
    entrypoint: [],
    cmd: [],
    volumes: new Set(),
    workingDir: '',
    labels: new Map(),
    stopSignal: '',
    argsEscaped: false,
    healthcheck: undefined,
    onBuild: [],
    shell: [],
  };
}

/** The platform that the image says it is for. */
export function imagePlatform(image: ImageConfig): Platform {
  const { os, architecture, variant, osVersion, osFeatures } = image;
  return { os, architecture, variant, osVersion, osFeatures };
}

/** The JSON of the config, byte for byte as Go writes it. Throws code DOCKERFILE when a time of it cannot be written. */
export function encodeImage(image: ImageConfig): string {
  const { config } = image;
  return goJson({
    created: image.created,
    author: text(image.author),
    architecture: image.architecture,
    os: image.os,
    'os.version': text(image.osVersion),
    'os.features': list(image.osFeatures),
    variant: text(image.variant),
    rootfs: { type: image.rootfsType, diff_ids: image.diffIds },
    history: list(image.history.map(historyJson)),
    config: {
      User: text(config.user),
      ExposedPorts: names(config.exposedPorts),
      Env: list(config.env.entries),
      Entrypoint: list(config.entrypoint),
      Cmd: list(config.cmd),
      Volumes: names(config.volumes),
      WorkingDir: text(config.workingDir),
      Labels: config.labels.size === 0 ? undefined : config.labels,
      StopSignal: text(config.stopSignal),
      ArgsEscaped: config.argsEscaped || undefined,
      Healthcheck: config.healthcheck && healthcheckJson(config.healthcheck),
      OnBuild: list(config.onBuild),
      Shell: list(config.shell),
    },
  });
}

function historyJson(entry: HistoryEntry): GoJsonValue {
  if (entry.created === unwritableTime) {
    const why = 'Time.MarshalJSON: year outside of range [0,9999]';
    throw new TsbuildxError('DOCKERFILE', `json: error calling MarshalJSON for type *time.Time: ${why}`);
  }
  return {
    created: entry.created,
    created_by: text(entry.createdBy),
    author: text(entry.author),
    comment: text(entry.comment),
    empty_layer: entry.emptyLayer || undefined,
  };
}

function healthcheckJson(check: Healthcheck): GoJsonValue {
  return {
    Test: list(check.test),
    Interval: check.interval || undefined,
    Timeout: check.timeout || undefined,
    StartPeriod: check.startPeriod || undefined,
    StartInterval: check.startInterval || undefined,
    Retries: check.retries || undefined,
  };
}

function text(value: string): string | undefined {
  return value === '' ? undefined : value;
}

function list<T>(values: readonly T[]): readonly T[] | undefined {
  return values.length === 0 ? undefined : values;
}

function names(set: ReadonlySet<string>): GoJsonValue | undefined {
  return set.size === 0 ? undefined : new Map([...set].map((name) => [name, {}]));
}
