import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';

/** The docker CLI's config.json, read once. */
export interface DockerConfig {
  /** Directory of the file. */
  readonly dir: string;
  /** The whole file, as parsed; an empty object when there is none. */
  readonly raw: Readonly<Record<string, unknown>>;
  readonly currentContext: string | undefined;
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** `proxies`: by the engine's address, or `default`. */
  readonly proxies: Readonly<Record<string, ProxyConfig>>;
}

export interface ProxyConfig {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  readonly ftpProxy?: string;
}

/** Tries, and milliseconds between them, when the file is being rewritten by someone else (`docker login`). */
const TRIES = 5;
const PAUSE = 20;

/** `--config`, `$DOCKER_CONFIG`, or `~/.docker`. */
export function dockerConfigDir(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return flag || env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
}

/** Reads config.json of `dir`. No file is an empty one. Throws IO and INVALID_ARGUMENT (no JSON object). */
export async function loadDockerConfig(dir: string): Promise<DockerConfig> {
  const raw = await readObject(join(dir, 'config.json'));
  const currentContext = raw['currentContext'];
  return {
    dir,
    raw,
    currentContext: typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined,
    httpHeaders: strings(raw['HttpHeaders']),
    proxies: Object.fromEntries(Object.entries(objectOf(raw['proxies'])).map(([host, proxy]) => [host, strings(proxy)])),
  };
}

async function readObject(path: string): Promise<Record<string, unknown>> {
  for (let attempt = 1; ; attempt += 1) {
    let text: string;
    try {
      text = await readFile(path, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return {};
      throw new TsbuildxError('IO', `failed to load docker config: ${messageOf(error)}`, { cause: error });
    }
    try {
      const value: unknown = JSON.parse(text === '' ? '{}' : text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
      throw new TypeError('not a JSON object');
    } catch (error) {
      if (attempt === TRIES) {
        throw new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${path}: ${messageOf(error)}`, { cause: error });
      }
      await delay(PAUSE);
    }
  }
}

function objectOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

function strings(value: unknown): Record<string, string> {
  const entries = Object.entries(objectOf(value));
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}
