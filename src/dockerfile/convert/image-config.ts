// The image config as docker's image-spec has it: field order, omitted and null values decide its digest.
import { TsbuildxError } from '../../base/errors.ts';
import { type GoJsonValue, goJson } from '../../base/go-json.ts';
import type { Platform } from '../../oci/index.ts';
import { defaultPathEnv } from './system-path.ts';

export interface HistoryEntry {
  /** RFC 3339. */
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
  env: string[];
  entrypoint: readonly string[];
  cmd: readonly string[];
  volumes: Set<string>;
  workingDir: string;
  labels: Map<string, string>;
  stopSignal: string;
  argsEscaped: boolean;
  healthcheck: Healthcheck | undefined;
  onBuild: readonly string[];
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
      env: [...config.env],
      exposedPorts: new Set(config.exposedPorts),
      volumes: new Set(config.volumes),
      labels: new Map(config.labels),
    },
  };
}

/** What `FROM scratch` starts from. */
export function emptyImage(platform: Platform): ImageConfig {
  const env = platform.os === 'windows' ? [] : [`PATH=${defaultPathEnv(platform.os)}`];
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
    env: [],
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

/** The JSON of the config, byte for byte as Go writes it. */
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
      Env: list(config.env),
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

/** Reads an image config; unknown fields are dropped. Throws code PROTOCOL when it is not one. */
export function decodeImage(bytes: Uint8Array): ImageConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `failed to parse image config: ${String(cause)}`, { cause });
  }
  const root = new Fields(parsed, '');
  const rootfs = root.object('rootfs');
  const config = root.object('config');
  const health = config.has('Healthcheck') ? config.object('Healthcheck') : undefined;
  return {
    created: root.time('created'),
    author: root.text('author'),
    architecture: root.text('architecture'),
    os: root.text('os'),
    osVersion: root.text('os.version'),
    osFeatures: root.texts('os.features') ?? [],
    variant: root.text('variant'),
    rootfsType: rootfs.text('type'),
    diffIds: rootfs.texts('diff_ids') ?? null,
    history: root.objects('history').map((entry) => ({
      created: entry.time('created'),
      createdBy: entry.text('created_by'),
      author: entry.text('author'),
      comment: entry.text('comment'),
      emptyLayer: entry.flag('empty_layer'),
    })),
    config: {
      user: config.text('User'),
      exposedPorts: new Set(config.keys('ExposedPorts')),
      env: config.texts('Env') ?? [],
      entrypoint: config.texts('Entrypoint') ?? [],
      cmd: config.texts('Cmd') ?? [],
      volumes: new Set(config.keys('Volumes')),
      workingDir: config.text('WorkingDir'),
      labels: config.textMap('Labels'),
      stopSignal: config.text('StopSignal'),
      argsEscaped: config.flag('ArgsEscaped'),
      healthcheck: health && {
        test: health.texts('Test') ?? [],
        interval: health.integer('Interval'),
        timeout: health.integer('Timeout'),
        startPeriod: health.integer('StartPeriod'),
        startInterval: health.integer('StartInterval'),
        retries: Number(health.integer('Retries')),
      },
      onBuild: config.texts('OnBuild') ?? [],
      shell: config.texts('Shell') ?? [],
    },
  };
}

/** The fields of a JSON object as Go finds them: names match without regard to case, null is absent. */
class Fields {
  readonly #path: string;
  readonly #values = new Map<string, unknown>();

  constructor(value: unknown, path: string) {
    this.#path = path;
    if (value === undefined || value === null) return;
    if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(path, value);
    for (const [key, field] of Object.entries(value)) if (field !== null) this.#values.set(key.toLowerCase(), field);
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  text(name: string): string {
    const value = this.#get(name) ?? '';
    if (typeof value !== 'string') throw wrongType(this.#at(name), value);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#get(name) ?? false;
    if (typeof value !== 'boolean') throw wrongType(this.#at(name), value);
    return value;
  }

  integer(name: string): bigint {
    const value = this.#get(name) ?? 0;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(this.#at(name), value);
    return BigInt(value);
  }

  /** As Go writes it again: no zeros at the end of the fraction. */
  time(name: string): string | undefined {
    const value = this.text(name);
    return value === '' ? undefined : value.replace(/(\.\d*?)0+(?=\D*$|[+-]\d\d:)/, '$1').replace(/\.(?!\d)/, '');
  }

  texts(name: string): string[] | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value)) throw wrongType(this.#at(name), value);
    return value.map((item: unknown) => {
      if (item === null) return '';
      if (typeof item !== 'string') throw wrongType(this.#at(name), item);
      return item;
    });
  }

  object(name: string): Fields {
    return new Fields(this.#get(name), this.#at(name));
  }

  objects(name: string): Fields[] {
    const value = this.#get(name) ?? [];
    if (!Array.isArray(value)) throw wrongType(this.#at(name), value);
    return value.map((item: unknown) => new Fields(item, this.#at(name)));
  }

  keys(name: string): string[] {
    const value = this.#get(name) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw wrongType(this.#at(name), value);
    return Object.keys(value);
  }

  textMap(name: string): Map<string, string> {
    const value: object = this.#get(name) === undefined ? {} : this.#record(name);
    return new Map(
      Object.entries(value).map(([key, item]: [string, unknown]) => {
        if (typeof item !== 'string') throw wrongType(this.#at(name), item);
        return [key, item];
      }),
    );
  }

  #record(name: string): object {
    const value = this.#get(name);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrongType(this.#at(name), value);
    return value;
  }

  #get(name: string): unknown {
    return this.#values.get(name.toLowerCase());
  }

  #at(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}

function wrongType(path: string, value: unknown): TsbuildxError {
  const kind = Array.isArray(value) ? 'array' : typeof value;
  return new TsbuildxError('PROTOCOL', `failed to parse image config: unexpected ${kind} in field ${path}`);
}
