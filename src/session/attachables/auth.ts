// Registry credentials and tokens for the daemon. Matches BuildKit session/auth/authprovider, except that credentials
// are never older than seconds when a token is asked for, and that a refused token asks the helper again.
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { parseGoBool } from '../../base/go-bool.ts';
import type { SolveStatus } from '../../buildkit/control/index.ts';
import {
  type CredentialQuery,
  type Credentials,
  type CredentialStore,
  createCredentialStore,
  type DockerConfig,
} from '../../docker/config/index.ts';
import {
  certificateDirs,
  certificatesIn,
  createTokenClient,
  type Token,
  type TokenClient,
  TokenStatusError,
} from '../../registry/auth/index.ts';
import { withSpan } from '../../tracing/index.ts';
import { type Attachable, CallError, GrpcStatus } from '../method.ts';
import { authMethods, type AuthService, type FetchTokenRequest, type Login } from './auth-codec.ts';
import { authorityKey, publicKeyOf, signed } from './authority-key.ts';
import { finishedVertex } from './client-vertex.ts';
import { createTokenSeeds } from './token-seed.ts';

export interface AuthOptions {
  readonly config: DockerConfig;
  /** BUILDX_CONFIG, BUILDKIT_NO_CLIENT_TOKEN, DOCKER_AUTH_CONFIG, the proxies, and what credential helpers need. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Tells the steps `[auth] …`. */
  readonly onStatus: (status: SolveStatus) => void;
  /** Tells what goes on without credentials and why. */
  readonly onWarning?: ((message: string) => void) | undefined;
}

/** Seconds for which a token that config.json has counts as valid: the daemon asks again after them. */
const STATIC_EXPIRY = 60;

/** Serves moby.filesync.v1.Auth. Nothing is read, run or loaded before the daemon asks. */
export function authAttachable({ config, env, onStatus, onWarning = () => {} }: AuthOptions): Attachable {
  const buildxDir = env['BUILDX_CONFIG'] || join(config.dir, 'buildx');
  return authAttachableOf({
    credentials: createCredentialStore({ config, buildxDir, env, onWarning }),
    tokens: createTokenClient({ env, tls: certificatesIn(certificateDirs(env)) }),
    seedDir: config.dir,
    hasClientTokens: parseGoBool(env['BUILDKIT_NO_CLIENT_TOKEN'] ?? '') !== true,
    onStatus,
  });
}

export interface AuthParts {
  readonly credentials: CredentialStore;
  readonly tokens: TokenClient;
  /** Directory of `.token_seed`. */
  readonly seedDir: string;
  /** False: the daemon is given the credentials and fetches tokens itself. */
  readonly hasClientTokens: boolean;
  readonly onStatus: (status: SolveStatus) => void;
}

export function authAttachableOf(parts: AuthParts): Attachable {
  const { credentials: store, tokens, hasClientTokens, onStatus } = parts;
  const seeds = createTokenSeeds(parts.seedDir);
  const told = new Set<string>();
  /** Registries whose token server cannot be reached from here; the daemon may do better. */
  const unreachable = new Set<string>();

  const load = (host: string, query: CredentialQuery): Promise<Credentials> =>
    withSpan(`load credentials for ${host}`, () => store.get(host, query));

  const tellOnce = (name: string): void => {
    if (!told.has(name)) onStatus(finishedVertex(name));
    told.add(name);
  };

  const keyOf = async (host: string, salt: Uint8Array, signal: AbortSignal): Promise<KeyObject> => {
    if (!hasClientTokens) throw new CallError(GrpcStatus.UNAVAILABLE, 'client side tokens disabled');
    if (unreachable.has(host)) throw new CallError(GrpcStatus.UNAVAILABLE, `token server of ${host} is unreachable`);
    const login = loginOf(await load(host, { signal }));
    return authorityKey(salt, login.secret.isEmpty ? undefined : await seeds.get(host));
  };

  const fetchWith = async (login: Login, request: FetchTokenRequest, signal: AbortSignal): Promise<Token> => {
    if (!login.secret.isEmpty) tellOnce(`[auth] ${withoutPrefix(request.scopes)} token for ${request.host}`);
    return await tokens.fetch({ ...request, ...login }, { signal });
  };

  const fetchToken: AuthService['fetchToken'] = async (request, signal) => {
    const query: CredentialQuery = { signal, scopes: request.scopes };
    const credentials = await load(request.host, query);
    if (!credentials.registryToken.isEmpty) {
      return { token: credentials.registryToken, expiresIn: STATIC_EXPIRY, issuedAt: undefined };
    }
    const login = loginOf(credentials);
    try {
      return await fetchWith(login, request, signal);
    } catch (error) {
      if (isTransport(error)) unreachable.add(request.host);
      if (login.secret.isEmpty || !(error instanceof TokenStatusError) || error.status !== 401) throw error;
      // Credentials of helpers live for minutes: what was refused may be replaced by now.
      const renewed = loginOf(await load(request.host, { ...query, fresh: true }));
      if (isSameLogin(login, renewed)) throw error;
      return await fetchWith(renewed, request, signal);
    }
  };

  return {
    methods: authMethods({
      async credentials(host, signal) {
        const login = loginOf(await load(host, { signal }));
        if (!login.secret.isEmpty) tellOnce(`[auth] sharing credentials for ${host}`);
        return login;
      },
      fetchToken,
      tokenAuthority: async (host, salt, signal) => publicKeyOf(await keyOf(host, salt, signal)),
      verifyTokenAuthority: async ({ host, salt, payload }, signal) => signed(await keyOf(host, salt, signal), payload),
    }),
  };
}

/** An identity token goes without a user. */
function loginOf({ username, password, identityToken }: Credentials): Login {
  return identityToken.isEmpty ? { username, secret: password } : { username: '', secret: identityToken };
}

function isSameLogin(a: Login, b: Login): boolean {
  return a.username === b.username && a.secret.reveal() === b.secret.reveal();
}

function withoutPrefix(scopes: readonly string[]): string {
  return scopes.map((scope) => scope.replace(/^repository:/, '')).join(' ');
}

function isTransport(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'TRANSPORT';
}
