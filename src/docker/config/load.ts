import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { messageOf } from '../../base/errors.ts';
import { member, members, textMember, textMembers } from '../../base/json-object.ts';
import { isMissing } from '../../base/system-error.ts';
import { type AuthEntries, parseAuths } from './auths.ts';

/** The docker CLI's config.json, read once. */
export interface DockerConfig {
  /** Directory of the file. */
  readonly dir: string;
  /** The whole file, as parsed; an empty object when there is none. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** Why the file was left out of account, in whole or in part, as the docker CLI warns about it. */
  readonly warning: string | undefined;
  readonly currentContext: string | undefined;
  readonly httpHeaders: Readonly<Record<string, string>>;
  /** `proxies`: by the engine's address, or `default`. */
  readonly proxies: Readonly<Record<string, ProxyConfig>>;
  /** Credentials that stand in the file. */
  readonly auths: AuthEntries;
  /** Suffix of the credential helper of all registries. */
  readonly credsStore: string;
  /** Suffixes of the credential helpers of single registries. */
  readonly credHelpers: Readonly<Record<string, string>>;
}

export interface ProxyConfig {
  readonly httpProxy?: string;
  readonly httpsProxy?: string;
  readonly noProxy?: string;
  readonly ftpProxy?: string;
  readonly allProxy?: string;
}

/** Tries, and milliseconds between them, when the file is being rewritten by someone else (`docker login`). */
const TRIES = 5;
const PAUSE = 20;

/** `--config`, `$DOCKER_CONFIG`, or `~/.docker`. */
export function dockerConfigDir(flag: string | undefined, env: Readonly<Record<string, string | undefined>>): string {
  return flag || env['DOCKER_CONFIG'] || join(env['HOME'] || homedir(), '.docker');
}

/** Reads config.json of `dir`. No file is an empty one, a broken one is empty with a warning. */
export async function loadDockerConfig(dir: string): Promise<DockerConfig> {
  const path = join(dir, 'config.json');
  const { raw, warning } = await readObject(path);
  const auths = parseAuths(member(raw, 'auths'));
  return {
    dir,
    raw,
    warning: warning ?? (auths.fault === undefined ? undefined : parsing(path, auths.fault)),
    currentContext: textMember(raw, 'currentContext') || undefined,
    httpHeaders: textMembers(member(raw, 'HttpHeaders')),
    proxies: Object.fromEntries(members(member(raw, 'proxies')).map(([host, proxy]) => [host, textMembers(proxy)])),
    auths: auths.entries,
    credsStore: textMember(raw, 'credsStore'),
    credHelpers: textMembers(member(raw, 'credHelpers')),
  };
}

interface RawConfig {
  readonly raw: Record<string, unknown>;
  readonly warning?: string;
}

async function readObject(path: string): Promise<RawConfig> {
  for (let attempt = 1; ; attempt += 1) {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if (isMissing(error)) return { raw: {} };
      return { raw: {}, warning: `Error loading config file: ${messageOf(error)}` };
    }
    try {
      const value: unknown = JSON.parse(text.trim() === '' ? '{}' : text);
      if (value === null) return { raw: {} };
      if (typeof value !== 'object' || Array.isArray(value)) throw new TypeError('not a JSON object');
      return { raw: { ...value } };
    } catch (error) {
      // The parser's own message may quote the file, and with it a password.
      const why = error instanceof TypeError ? error.message : 'not valid JSON';
      if (attempt === TRIES) return { raw: {}, warning: parsing(path, why) };
      await delay(PAUSE);
    }
  }
}

function parsing(path: string, why: string): string {
  return `Error parsing config file (${path}): ${why}`;
}
