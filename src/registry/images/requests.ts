// Requests to the repositories of registries: hosts one after the other, logins and tokens, patience.
import type { SecureContext } from 'node:tls';
import { TsbuildxError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { formatReference, type NormalizedReference } from '../../oci/index.ts';
import { createConnections } from '../auth/connections.ts';
import { type HostTls, type HostTlsLookup, mergeTls, secureContextOf } from '../auth/host-tls.ts';
import { type HttpMethod, type HttpRequest, type OpenAnswer, openExchange } from '../auth/http.ts';
import type { Env } from '../../transport/index.ts';
import { openPatiently, retryAfter as retryAfterOf } from '../auth/retry.ts';
import { errorTexts, unexpectedStatus } from '../auth/status-error.ts';
import type { TokenClient } from '../auth/token.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { type RegistryConfigs, type RegistryHost, registryHosts } from './hosts.ts';
import { RegistryError } from './registry-error.ts';

/** A login of one registry; `registryToken` is sent as it is. */
export interface RegistryLogin {
  readonly username: string;
  /** Password or identity token; empty for nobody in particular. */
  readonly secret: Secret;
  readonly registryToken: Secret;
}

export interface RegistryClientOptions {
  readonly login: (host: string, options: { readonly signal: AbortSignal }) => Promise<RegistryLogin>;
  readonly tokens: TokenClient;
  readonly tls: HostTlsLookup;
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly env: Env;
  /** By domain. Default: none is configured. */
  readonly registries?: RegistryConfigs | undefined;
  /** Between 0 and 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

export interface RepositoryRequest {
  readonly method: HttpMethod;
  /** Below `/v2/NAME/`, or the URL that an upload was given. */
  readonly to: string | URL;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: HttpRequest['body'];
  /** What is done there. */
  readonly access: 'pull' | 'push';
  /** Another repository of the registry that is read as well. */
  readonly alsoPull?: string | undefined;
  /** Statuses beside 2xx that are answers, not failures. */
  readonly accept?: readonly number[] | undefined;
  /** False: what fails is not sent again. Default true. */
  readonly isRepeatable?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** Requests of one client; connections and tokens are kept until it is disposed. */
export interface RepositoryRequests extends AsyncDisposable {
  /** Throws NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, CANCELED. */
  send(reference: NormalizedReference, request: RepositoryRequest): Promise<OpenAnswer>;
}

/** Milliseconds that a registry may take to store what it was sent. */
const QUIET_MS = 300_000;
const MAX_REFUSAL = 64 << 10;

export function createRepositoryRequests(options: RegistryClientOptions): RepositoryRequests {
  const { registries = new Map(), env, random } = options;
  const connections = createConnections();
  const contexts = new Map<string, Promise<SecureContext>>();
  /** By host and what is done there: tokens are for that. */
  const authorizations = new Map<string, string>();

  const secureContext = (host: RegistryHost): Promise<SecureContext> => {
    const made = contexts.get(host.base) ?? tlsOf(host, options).then(secureContextOf);
    contexts.set(host.base, made);
    return made;
  };

  const sendTo = async (
    host: RegistryHost,
    reference: NormalizedReference,
    request: RepositoryRequest,
  ): Promise<OpenAnswer> => {
    const { method, body, signal } = request;
    const url = urlOf(host, reference, request.to);
    const scopes = scopesOf(reference, request);
    const key = [host.base, ...scopes].join(' ');
    const attempt = async (authorization: string | undefined): Promise<OpenAnswer> => {
      const headers = {
        'user-agent': 'tsbuildx',
        ...request.headers,
        ...(authorization === undefined ? {} : { authorization }),
      };
      const settings = {
        signal,
        env,
        random,
        connections,
        quietMs: QUIET_MS,
        insecure: host.insecure,
        secureContext: () => secureContext(host),
      };
      const open = request.isRepeatable === false ? openExchange : openPatiently;
      return await open({ method, url, headers, body }, settings);
    };
    const answer = await attempt(host.account === undefined ? undefined : authorizations.get(key));
    if (answer.status !== 401 || host.account === undefined) return answer;
    const authorization = await authorize(options, host.account, scopes, answer, signal);
    if (authorization === undefined) return answer;
    await answer[Symbol.asyncDispose]();
    authorizations.set(key, authorization);
    return await attempt(authorization);
  };

  return {
    async send(reference, request) {
      const hosts = hostsFor(reference, request, registries);
      for (const [i, host] of hosts.entries()) {
        const isLast = i === hosts.length - 1;
        try {
          const answer = await sendTo(host, reference, request);
          if (isAnswer(answer.status, request) && !(host.isMirror && answer.status === 404)) return answer;
          const error = await refusal(reference, answer);
          if (isLast || !mayAskElsewhere(host, request, answer.status)) throw error;
        } catch (error) {
          const isLost = error instanceof TsbuildxError && error.code === 'TRANSPORT';
          if (isLast || !isLost) throw error;
        }
      }
      throw new TsbuildxError('NOT_FOUND', `no host for ${formatReference(reference)}`);
    },
    [Symbol.asyncDispose]: () => connections[Symbol.asyncDispose](),
  };
}

/** An upload goes on where it was begun, or where the registry sends it: to a place that gets no credentials. */
function hostsFor(
  { domain }: NormalizedReference,
  { access, to }: RepositoryRequest,
  registries: RegistryConfigs,
): readonly RegistryHost[] {
  const hosts = registryHosts(domain, registries);
  if (typeof to === 'string') return access === 'push' ? hosts.filter(({ isMirror }) => !isMirror) : hosts;
  const own = hosts.find(({ base }) => base === to.origin);
  return [own ?? { base: to.origin, account: undefined, isMirror: false, insecure: false, tls: undefined }];
}

function urlOf(host: RegistryHost, { domain, path }: NormalizedReference, to: string | URL): URL {
  if (typeof to !== 'string') return to;
  const url = new URL(`${host.base}/v2/${path}/${to}`);
  if (host.isMirror) url.searchParams.append('ns', domain);
  return url;
}

/** In the order that containerd has them. */
function scopesOf({ path }: NormalizedReference, { access, alsoPull }: RepositoryRequest): readonly string[] {
  const own = `repository:${path}:${access === 'push' ? 'pull,push' : 'pull'}`;
  return alsoPull === undefined ? [own] : [own, `repository:${alsoPull}:pull`].sort();
}

function isAnswer(status: number, { accept = [] }: RepositoryRequest): boolean {
  return (status >= 200 && status < 300) || accept.includes(status);
}

/** A mirror need not have it; who speaks TLS answers plain HTTP with 400. */
function mayAskElsewhere(host: RegistryHost, { access }: RepositoryRequest, status: number): boolean {
  return host.isMirror || (host.base.startsWith('http:') && status === 400) || (access === 'pull' && status >= 500);
}

async function tlsOf({ base, tls }: RegistryHost, options: RegistryClientOptions): Promise<HostTls | undefined> {
  return mergeTls(tls, await options.tls(new URL(base).host));
}

/** The header that the registry's challenge asks for; undefined when we have nothing to answer. */
async function authorize(
  { login, tokens }: RegistryClientOptions,
  account: string,
  scopes: readonly string[],
  { headers }: OpenAnswer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenge = challengeOf(headers['www-authenticate']);
  const { username, secret, registryToken } = await login(account, { signal });
  if (challenge?.scheme === 'basic') {
    if (secret.isEmpty) return undefined;
    return `Basic ${Buffer.from(`${username}:${secret.reveal()}`).toString('base64')}`;
  }
  if (challenge?.scheme !== 'bearer') return undefined;
  if (!registryToken.isEmpty) return `Bearer ${registryToken.reveal()}`;
  const { realm = '', service = '' } = challenge.parameters;
  const { token } = await tokens.fetch({ host: account, realm, service, scopes, username, secret }, { signal });
  return `Bearer ${token.reveal()}`;
}

function challengeOf(header: string | string[] | undefined): Challenge | undefined {
  const all = typeof header === 'string' ? [header] : (header ?? []);
  return all.map(parseChallenge).find((challenge) => challenge !== undefined);
}

/** Reads what the registry says of it. */
async function refusal(reference: NormalizedReference, answer: OpenAnswer): Promise<RegistryError> {
  await using open = answer;
  const { status } = open;
  const what = status === 404 ? ['not found'] : [unexpectedStatus(open), ...errorTexts(await textOf(open))];
  const retryAfter = retryAfterOf(open, Date.now());
  return new RegistryError(`${formatReference(reference)}: ${what.join(': ')}`, { status, retryAfter });
}

async function textOf({ content }: OpenAnswer): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of content) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_REFUSAL) break;
    }
  } catch {
    // What came will do.
  }
  return Buffer.concat(chunks).toString();
}
