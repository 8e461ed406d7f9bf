// The few requests of the distribution API that it takes to know an image: manifests and configs.
import { createHash } from 'node:crypto';
import type { SecureContext } from 'node:tls';
import { TsbuildxError } from '../../base/errors.ts';
import type { Secret } from '../../base/secret.ts';
import { digestFault, formatReference, type NormalizedReference } from '../../oci/index.ts';
import { type HostTlsLookup, secureContextOf } from '../auth/host-tls.ts';
import type { HttpAnswer } from '../auth/http.ts';
import type { Env } from '../auth/proxy.ts';
import { exchangePatiently } from '../auth/retry.ts';
import type { TokenClient } from '../auth/token.ts';
import { type Challenge, parseChallenge } from './challenge.ts';
import { registryUrl } from './registry-host.ts';

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
  /** Between 0 and 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

/** Bytes with the digest that they were checked against. */
export interface Content {
  readonly digest: string;
  readonly bytes: Uint8Array;
}

export interface RegistryClient {
  /** The manifest or index of a reference. Throws NOT_FOUND, AUTH, TRANSPORT, PROTOCOL, CANCELED. */
  manifest(reference: NormalizedReference, options: { readonly signal: AbortSignal }): Promise<Content>;
  /** A blob of the reference's repository, such as an image config. Throws as `manifest` does. */
  blob(reference: NormalizedReference, digest: string, options: { readonly signal: AbortSignal }): Promise<Content>;
}

/** No image that works has a longer manifest or config. */
const MAX_BODY = 8 << 20;

const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
].join(', ');

export function createRegistryClient(options: RegistryClientOptions): RegistryClient {
  const contexts = new Map<string, Promise<SecureContext>>();
  /** By repository: tokens are for one. */
  const authorizations = new Map<string, string>();

  const secureContext = (host: string): Promise<SecureContext> => {
    const made = contexts.get(host) ?? options.tls(host).then(secureContextOf);
    contexts.set(host, made);
    return made;
  };

  const send = (
    url: URL,
    accept: string,
    authorization: string | undefined,
    signal: AbortSignal,
  ): Promise<HttpAnswer> =>
    exchangePatiently(
      {
        method: 'GET',
        url,
        headers: { 'user-agent': 'tsbuildx', accept, ...(authorization === undefined ? {} : { authorization }) },
      },
      {
        signal,
        env: options.env,
        random: options.random,
        secureContext: () => secureContext(url.host),
        maxBody: MAX_BODY,
      },
    );

  const get = async (
    reference: NormalizedReference,
    path: string,
    accept: string,
    signal: AbortSignal,
  ): Promise<Uint8Array> => {
    const repository = `${reference.domain}/${reference.path}`;
    const url = new URL(`/v2/${reference.path}/${path}`, registryUrl(reference.domain));
    let answer = await send(url, accept, authorizations.get(repository), signal);
    if (answer.status === 401) {
      const authorization = await authorize(options, reference, answer, signal);
      if (authorization !== undefined) {
        authorizations.set(repository, authorization);
        answer = await send(url, accept, authorization, signal);
      }
    }
    if (answer.status !== 200) throw refusal(reference, answer);
    return answer.bytes;
  };

  return {
    async manifest(reference, { signal }) {
      const bytes = await get(
        reference,
        `manifests/${reference.digest ?? reference.tag ?? 'latest'}`,
        manifestTypes,
        signal,
      );
      return checked(bytes, reference.digest);
    },
    async blob(reference, digest, { signal }) {
      return checked(await get(reference, `blobs/${digest}`, '*/*', signal), digest);
    },
  };
}

/** The header that the registry's challenge asks for; undefined when we have nothing to answer. */
async function authorize(
  { login, tokens }: RegistryClientOptions,
  { domain, path }: NormalizedReference,
  { headers }: HttpAnswer,
  signal: AbortSignal,
): Promise<string | undefined> {
  const challenge = challengeOf(headers['www-authenticate']);
  const { username, secret, registryToken } = await login(domain, { signal });
  if (challenge?.scheme === 'basic') {
    if (secret.isEmpty) return undefined;
    return `Basic ${Buffer.from(`${username}:${secret.reveal()}`).toString('base64')}`;
  }
  if (challenge?.scheme !== 'bearer') return undefined;
  if (!registryToken.isEmpty) return `Bearer ${registryToken.reveal()}`;
  const { realm = '', service = '' } = challenge.parameters;
  const scopes = [`repository:${path}:pull`];
  const { token } = await tokens.fetch({ host: domain, realm, service, scopes, username, secret }, { signal });
  return `Bearer ${token.reveal()}`;
}

function challengeOf(header: string | string[] | undefined): Challenge | undefined {
  const all = typeof header === 'string' ? [header] : (header ?? []);
  return all.map(parseChallenge).find((challenge) => challenge !== undefined);
}

function refusal(reference: NormalizedReference, { status, statusText, url }: HttpAnswer): TsbuildxError {
  const name = formatReference(reference);
  if (status === 404) return new TsbuildxError('NOT_FOUND', `${name}: not found`);
  const what = `unexpected status from GET request to ${url.origin}${url.pathname}: ${status} ${statusText}`.trimEnd();
  if (status === 401 || status === 403) return new TsbuildxError('AUTH', `${name}: ${what}`);
  return new TsbuildxError(status >= 500 ? 'TRANSPORT' : 'PROTOCOL', `${name}: ${what}`);
}

/** Content is what its digest says, or it is refused. */
function checked(bytes: Uint8Array, expected: string | undefined): Content {
  const [algorithm = 'sha256'] = expected?.split(':', 1) ?? [];
  if (expected !== undefined && digestFault(expected) !== undefined) {
    throw new TsbuildxError('PROTOCOL', `invalid digest ${JSON.stringify(expected)}`);
  }
  const digest = `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
  if (expected !== undefined && digest !== expected) {
    throw new TsbuildxError('PROTOCOL', `content of ${expected} has digest ${digest}`);
  }
  return { digest, bytes };
}
