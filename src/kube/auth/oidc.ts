// Matches client-go plugin/pkg/client/auth/oidc: an ID token, renewed at its issuer and written back to the kubeconfig.
import { readFile, realpath, stat } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { member, textMember } from '../../base/json-object.ts';
import { replaceFile } from '../../files/index.ts';
import { type Env, proxyFor, type TlsMaterial } from '../../transport/index.ts';
import { exchange, type HttpAnswer, type HttpRequest } from '../http/exchange.ts';
import { serverAgent } from '../http/server.ts';
import type { AuthProvider } from '../kubeconfig/kubeconfig.ts';
import { type Authenticator, bearer } from './authenticator.ts';

/** A token that ends this soon counts as expired: clocks differ. */
const LEEWAY_MS = 10_000;

/** Throws INVALID_ARGUMENT. */
export function oidcAuthenticator(provider: AuthProvider, env: Env): Authenticator {
  let config = provider.config;
  for (const name of ['idp-issuer-url', 'client-id']) {
    if (!config[name]) throw new TsbuildxError('INVALID_ARGUMENT', `Must provide ${name}`);
  }
  let renewing: Promise<void> | undefined;
  return {
    async credentials(signal) {
      if (!isValid(config['id-token'] ?? '')) {
        renewing ??= renew(provider, config, env, signal)
          .then((renewed) => {
            config = renewed;
          })
          .finally(() => {
            renewing = undefined;
          });
        await renewing;
      }
      return bearer(config['id-token'] ?? '');
    },
    reject: () => false,
  };
}

// Matches idTokenExpired: its own time counts, its signature is the server's business.
function isValid(token: string): boolean {
  if (token === '') return false;
  const [, payload, ...rest] = token.split('.');
  if (payload === undefined || rest.length !== 1) throw failed('ID Token is not a valid JWT');
  const claims = parseJson(Buffer.from(payload, 'base64url').toString('utf8'), 'parsing claims');
  const end = Number(member(claims, 'exp'));
  return Date.now() + LEEWAY_MS < end * 1000;
}

async function renew(provider: AuthProvider, config: Config, env: Env, signal: AbortSignal): Promise<Config> {
  const refreshToken = config['refresh-token'] ?? '';
  if (refreshToken === '') throw failed('No valid id-token, and cannot refresh without refresh-token');
  const issuer = (config['idp-issuer-url'] ?? '').replace(/\/$/, '');
  const ask = async (url: string, request: Pick<HttpRequest, 'method' | 'headers' | 'body'>): Promise<HttpAnswer> => {
    const target = URL.parse(url);
    if (target === null) throw failed(`oidc: invalid URL ${JSON.stringify(url)}`);
    const server = { url: target, proxy: proxyFor(target, env), tls: () => issuerTls(config) };
    const agent = serverAgent(server, signal);
    try {
      return await exchange(agent, { ...request, url: target, signal });
    } finally {
      agent.destroy();
    }
  };
  const found = await ask(`${issuer}/.well-known/openid-configuration`, { method: 'GET', headers: {} });
  if (found.status !== 200) {
    throw failed(`oidc: failed to query metadata endpoint ${found.status}: ${goQuote(found.body.slice(0, 80))}`);
  }
  const discovery = parseJson(found.body, 'oidc: failed to decode provider discovery object');
  const tokenUrl = textMember(discovery, 'token_endpoint');
  if (tokenUrl === '') throw failed("oidc: discovery object doesn't contain a token_endpoint");
  const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken });
  const answer = await askForToken(ask, tokenUrl, form, config);
  if (answer.status < 200 || answer.status > 299) {
    throw failed(`failed to refresh token: the issuer answered with status ${answer.status}`);
  }
  const tokens = parseJson(answer.body, 'failed to refresh token');
  const idToken = textMember(tokens, 'id_token');
  if (idToken === '') {
    throw failed(
      'token response did not contain an id_token, either the scope "openid" wasn\'t requested upon login, or the provider doesn\'t support id_tokens as part of the refresh response',
    );
  }
  const renewed = { 'id-token': idToken, 'refresh-token': textMember(tokens, 'refresh_token') || refreshToken };
  await persist(provider.origin, renewed);
  return { ...config, ...renewed };
}

type Config = AuthProvider['config'];
type Ask = (url: string, request: Pick<HttpRequest, 'method' | 'headers' | 'body'>) => Promise<HttpAnswer>;

/** Issuers differ in where they want the client's name: the header first, then the form. */
async function askForToken(ask: Ask, url: string, form: URLSearchParams, config: Config): Promise<HttpAnswer> {
  const [id = '', secret = ''] = [config['client-id'], config['client-secret']];
  const type = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
  const basic = Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64');
  const headers = { ...type, authorization: `Basic ${basic}` };
  const first = await ask(url, { method: 'POST', headers, body: form.toString() });
  if (first.status < 400 || first.status >= 500) return first;
  const withClient = new URLSearchParams(form);
  withClient.set('client_id', id);
  if (secret !== '') withClient.set('client_secret', secret);
  return await ask(url, { method: 'POST', headers: type, body: withClient.toString() });
}

async function issuerTls(config: Config): Promise<TlsMaterial> {
  const [file = '', data = ''] = [config['idp-certificate-authority'], config['idp-certificate-authority-data']];
  if (data !== '') return { ca: Buffer.from(data, 'base64') };
  return file === '' ? {} : { ca: await readFile(file) };
}

/** A refresh token is good once: who comes next must find the new one. */
async function persist(
  { file, user }: AuthProvider['origin'],
  tokens: Readonly<Record<string, string>>,
): Promise<void> {
  try {
    const { isMap, isSeq, parseDocument } = await import('yaml');
    const path = await realpath(file);
    const document = parseDocument(await readFile(path, 'utf8'));
    const users = document.get('users');
    const entry = isSeq(users) ? users.items.find((item) => isMap(item) && item.get('name') === user) : undefined;
    if (!isMap(entry)) throw new Error(`there is no user ${JSON.stringify(user)} in it any more`);
    for (const [name, value] of Object.entries(tokens)) entry.setIn(['user', 'auth-provider', 'config', name], value);
    await replaceFile(path, document.toString(), (await stat(path)).mode & 0o777);
  } catch (cause) {
    throw new TsbuildxError('IO', `could not persist new tokens: ${file}: ${messageOf(cause)}`, { cause });
  }
}

function parseJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw failed(`${what}: it is not valid JSON`); // there may be a token in it: nothing of it is shown
  }
}

function failed(message: string): TsbuildxError {
  return new TsbuildxError('AUTH', message);
}
