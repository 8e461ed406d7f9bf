// Reads image configs as Go's encoding/json does.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { ConfigEnv } from './config-env.ts';
import type { ImageConfig } from './image-config.ts';

/** Reads an image config; unknown fields are dropped. Throws code PROTOCOL when it is not one. */
export function decodeImage(bytes: Uint8Array): ImageConfig {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new TsbuildxError('PROTOCOL', `failed to parse image config: ${messageOf(cause)}`, { cause });
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
      env: new ConfigEnv(config.texts('Env') ?? []),
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
