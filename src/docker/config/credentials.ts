// Who keeps the credentials of a registry. Matches docker/cli configfile (GetAuthConfig) and buildx's dockerconfig.
import { assertNever, messageOf, TsbuildxError } from '../../base/errors.ts';
import { findProgram } from '../../files/index.ts';
import { type AuthEntries, type Credentials, findAuth, isAnonymous, NO_CREDENTIALS } from './auths.ts';
import { readEnvAuths } from './env-auths.ts';
import { askHelper, helperProgram } from './helper.ts';
import type { DockerConfig } from './load.ts';
import { createScopedConfigs } from './scoped.ts';

/** Gives credentials of registries, for one build or several that run together. */
export interface CredentialStore {
  /** Throws AUTH when a credential helper fails, and CANCELED. A registry that nothing is kept for is no error. */
  get(host: string, options: CredentialQuery): Promise<Credentials>;
}

export interface CredentialQuery {
  readonly signal: AbortSignal;
  /** What the credentials are for, as the registry names it; some are kept for single repositories. */
  readonly scopes?: readonly string[] | undefined;
  /** Asks the helper again, whatever is remembered. */
  readonly fresh?: boolean | undefined;
}

export interface CredentialStoreOptions {
  readonly config: DockerConfig;
  /** Directory of buildx's state, where `config/HOST[/REPO][@SCOPES]/config.json` are. */
  readonly buildxDir?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly onWarning: (message: string) => void;
  readonly platform?: NodeJS.Platform | undefined;
  /** Milliseconds of a clock that never goes back. */
  readonly now?: (() => number) | undefined;
}

/** Key of Docker Hub in config files, and the names that stand for it. */
const HUB_KEY = 'https://index.docker.io/v1/';
const HUB_HOST = 'registry-1.docker.io';
const HUB_NAMES: ReadonlySet<string> = new Set(['docker.io', 'index.docker.io', HUB_HOST]);
/** Registries that take Docker Hub's credentials when they have none of their own. */
const HUB_BACKED: ReadonlySet<string> = new Set(['dhi.io', 'registry.scout.docker.com']);

/** Milliseconds for which a helper's answer is used again: tokens that live two minutes are seldom stale then. */
const REMEMBER = 10_000;

/** Nothing is read or run before the first `get`. */
export function createCredentialStore(options: CredentialStoreOptions): CredentialStore {
  const { config, env, onWarning, platform = process.platform, now = () => performance.now() } = options;
  const scoped = createScopedConfigs(options.buildxDir);
  const remembered = new Map<string, { readonly at: number; readonly credentials: Credentials }>();
  const warned = new Set<string>();
  let envAuths: AuthEntries | undefined;
  let defaultStore: string | undefined;
  // Helpers run one at a time: keychains hang when they are asked in parallel.
  let last: Promise<unknown> = Promise.resolve();

  const warnOnce = (message: string): void => {
    if (!warned.has(message)) onWarning(message);
    warned.add(message);
  };

  const fromEnv = (key: string): Credentials | undefined => {
    if (envAuths === undefined) {
      const { entries, warning } = readEnvAuths(env['DOCKER_AUTH_CONFIG'] ?? '');
      envAuths = entries;
      if (warning !== undefined) warnOnce(warning);
    }
    return envAuths.get(key);
  };

  const helperOf = (from: DockerConfig, key: string): string => {
    const own = Object.hasOwn(from.credHelpers, key) ? from.credHelpers[key] : undefined;
    if (own !== undefined) return own;
    if (from !== config || from.credsStore !== '' || hasAuth(from)) return from.credsStore;
    defaultStore ??= detectStore(platform, env);
    return defaultStore;
  };

  const ask = async (from: DockerConfig, key: string, signal: AbortSignal): Promise<Credentials> => {
    const stored = findAuth(from.auths, key);
    const helper = helperOf(from, key);
    if (helper === '') return stored;
    const answer = await askHelper(helper, key, { signal, env });
    switch (answer.kind) {
      case 'missing':
        warnOnce(`${helperProgram(helper)} is not on PATH: going on without credentials for ${key}`);
        return stored;
      case 'none':
        return { ...NO_CREDENTIALS, registryToken: stored.registryToken };
      case 'found': {
        const { username, secret } = answer;
        const login = username === '<token>' ? { identityToken: secret } : { username, password: secret };
        return { ...NO_CREDENTIALS, ...login, registryToken: stored.registryToken };
      }
      default:
        return assertNever(answer);
    }
  };

  const lookUp = async (
    host: string,
    { signal, scopes = [], fresh = false }: CredentialQuery,
  ): Promise<Credentials> => {
    const alternative = await scoped.find(host, scopes);
    const key = HUB_NAMES.has(host) ? HUB_KEY : host;
    const given = fromEnv(key);
    if (given !== undefined) return given;
    const from = alternative ?? config;
    const name = `${from.dir}\n${key}`;
    const asked = now();
    const turn = last.then(async () => {
      const known = remembered.get(name);
      if (known !== undefined && (fresh ? known.at >= asked : now() - known.at < REMEMBER)) return known.credentials;
      signal.throwIfAborted();
      const credentials = await ask(from, key, signal);
      remembered.set(name, { at: now(), credentials });
      return credentials;
    });
    last = turn.catch(() => {}); // who waits next does not care how this one ended
    return await abortable(turn, signal);
  };

  return {
    async get(host, query) {
      const credentials = await lookUp(host, query);
      if (!isAnonymous(credentials) || !HUB_BACKED.has(host)) return credentials;
      return await lookUp(HUB_HOST, query);
    },
  };
}

function hasAuth({ auths, credHelpers }: DockerConfig): boolean {
  return auths.size > 0 || Object.keys(credHelpers).length > 0;
}

/** The helper that the platform prefers, when it is there and nothing is configured. */
function detectStore(platform: NodeJS.Platform, env: Readonly<Record<string, string | undefined>>): string {
  const isThere = (program: string): boolean => findProgram(program, env, platform) !== undefined;
  const preferred = preferredStore(platform, isThere);
  return preferred !== undefined && isThere(helperProgram(preferred)) ? preferred : '';
}

function preferredStore(platform: NodeJS.Platform, isThere: (program: string) => boolean): string | undefined {
  if (platform === 'darwin') return 'osxkeychain';
  if (platform === 'win32') return 'wincred';
  if (platform !== 'linux') return undefined;
  return isThere('pass') ? 'pass' : 'secretservice';
}

/** Settles as `work` does, or rejects with CANCELED at once when the signal aborts. */
async function abortable<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const aborted = Promise.withResolvers<never>();
  const stop = (): void => aborted.reject(signal.reason);
  signal.addEventListener('abort', stop);
  if (signal.aborted) stop();
  try {
    return await Promise.race([work, aborted.promise]);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new TsbuildxError('CANCELED', `credentials: ${messageOf(signal.reason)}`, { cause: error });
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
