// Bearer tokens of registries. Matches containerd core/remotes/docker/auth (fetch.go) and BuildKit's authprovider: which
// request goes first, when the other is tried, what counts as a token.
import type { SecureContext } from 'node:tls';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';
import { Secret } from '../../base/secret.ts';
import { type HostTlsLookup, secureContextOf } from './host-tls.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';
import type { Env } from '../../transport/index.ts';
import { exchangePatiently } from './retry.ts';
import { parseJson, statusError, TokenStatusError } from './status-error.ts';

export interface TokenRequest {
  /** The registry: what is configured for its TLS counts for the token server, too. */
  readonly host: string;
  /** URL of the token server. */
  readonly realm: string;
  readonly service: string;
  /** Passed on as they are: some servers refuse all when one is denied. */
  readonly scopes: readonly string[];
  /** Empty with an identity token. */
  readonly username: string;
  /** Password or identity token; empty for an anonymous token. */
  readonly secret: Secret;
}

export interface Token {
  readonly token: Secret;
  /** Seconds from `issuedAt`; 60 when the server does not say. */
  readonly expiresIn: number;
  /** Seconds since the epoch by the server's clock. */
  readonly issuedAt: number | undefined;
}

export interface TokenClient {
  /**
   * Throws AUTH (the server refuses; a TokenStatusError has the status), TRANSPORT, PROTOCOL, CANCELED.
   * Lost connections, 408, 429 and 5xx are tried again, 401 and 403 never.
   */
  fetch(request: TokenRequest, options: { readonly signal: AbortSignal }): Promise<Token>;
}

export interface TokenClientOptions {
  /** HTTP_PROXY, HTTPS_PROXY and NO_PROXY. */
  readonly env: Env;
  readonly tls: HostTlsLookup;
  /** Between 0 and 1. Default Math.random. */
  readonly random?: (() => number) | undefined;
}

const CLIENT_ID = 'buildkit-client';
const USER_AGENT = 'tsbuildx';
const DEFAULT_EXPIRY = 60;

export function createTokenClient({ env, tls, random }: TokenClientOptions): TokenClient {
  const contexts = new Map<string, Promise<SecureContext>>();
  const contextOf = (host: string): Promise<SecureContext> => {
    const known = contexts.get(host);
    if (known !== undefined) return known;
    const made = tls(host).then(secureContextOf);
    contexts.set(host, made);
    return made;
  };

  const send = async (request: HttpRequest, of: TokenRequest, signal: AbortSignal): Promise<HttpAnswer> => {
    const options = { signal, env, random, secureContext: () => contextOf(of.host) };
    const answer = await exchangePatiently(request, options);
    if (answer.status < 200 || answer.status >= 400) throw statusError(answer, secretsOf(of));
    return answer;
  };

  return {
    async fetch(request, { signal }) {
      const get = async (): Promise<Token> => parseToken(await send(basicRequest(request), request, signal));
      if (request.secret.isEmpty) return await get().catch(explain('failed to fetch anonymous token'));
      try {
        return parseToken(await send(oauthRequest(request), request, signal));
      } catch (error) {
        const fail = explain('failed to fetch oauth token');
        return needsGet(error, request) ? await get().catch(fail) : fail(error);
      }
    },
  };
}

/** Registries without the POST answer 404, Artifactory 401; 405 says it outright. */
function needsGet(error: unknown, { username }: TokenRequest): boolean {
  if (!(error instanceof TokenStatusError)) return false;
  return error.status === 404 || error.status === 401 || (error.status === 405 && username !== '');
}

function explain(what: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof TokenStatusError) {
      throw new TokenStatusError(`${what}: ${error.message}`, error.status);
    }
    throw wrap(error instanceof TsbuildxError ? error.code : 'TRANSPORT', what, error);
  };
}

function basicRequest({ realm, service, scopes, username, secret }: TokenRequest): HttpRequest {
  const url = parseRealm(realm);
  if (service !== '') url.searchParams.append('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  url.searchParams.sort();
  const authorization = secret.isEmpty ? {} : { authorization: `Basic ${basicLogin(username, secret)}` };
  return { method: 'GET', url, headers: { 'user-agent': USER_AGENT, ...authorization } };
}

function basicLogin(username: string, secret: Secret): string {
  return Buffer.from(`${username}:${secret.reveal()}`).toString('base64');
}

/** The secret as it stands in a form, and in a header. */
function secretsOf({ username, secret }: TokenRequest): string[] {
  return secret.isEmpty ? [] : [secret.reveal(), basicLogin(username, secret)];
}

function oauthRequest({ realm, service, scopes, username, secret }: TokenRequest): HttpRequest {
  const form = new URLSearchParams({ service, client_id: CLIENT_ID });
  if (scopes.length > 0) form.set('scope', scopes.join(' '));
  form.set('grant_type', username === '' ? 'refresh_token' : 'password');
  if (username === '') form.set('refresh_token', secret.reveal());
  else {
    form.set('username', username);
    form.set('password', secret.reveal());
  }
  const headers = { 'user-agent': USER_AGENT, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  return { method: 'POST', url: parseRealm(realm), headers, body: form.toString() };
}

function parseRealm(realm: string): URL {
  const url = URL.parse(realm);
  if (url === null) throw new TsbuildxError('PROTOCOL', 'invalid token auth challenge realm');
  return url;
}

function parseToken({ body }: HttpAnswer): Token {
  const answer = parseJson(body);
  if (answer === undefined) throw new TsbuildxError('PROTOCOL', 'unable to decode token response: not a JSON object');
  const token = textMember(answer, 'access_token') || textMember(answer, 'token');
  if (token === '') {
    throw new TsbuildxError('PROTOCOL', 'authorization server did not include a token in the response');
  }
  const expiry = Number(member(answer, 'expires_in') ?? 0);
  const issued = Date.parse(textMember(answer, 'issued_at'));
  return {
    token: new Secret(token),
    expiresIn: Number.isSafeInteger(expiry) && expiry > 0 ? expiry : DEFAULT_EXPIRY,
    issuedAt: Number.isNaN(issued) || issued <= 0 ? undefined : Math.floor(issued / 1000),
  };
}
