// A real distribution registry for tests, and a token server that it trusts.
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, createPrivateKey, createPublicKey, randomUUID, sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { registryServer } from '../../scripts/engine/bundles.ts';
import { ca, serverCert, serverKey } from './certificates.ts';

/** The one user of registries and token servers. */
export const registryUser: { readonly name: string; readonly password: string } = { name: 'me', password: 'hunter2' };

/** Who may use a registry. */
export type RegistryAuth =
  /** The user, by password. */
  | { readonly kind: 'basic' }
  /** Whom a token server lets in. */
  | { readonly kind: 'token'; readonly realm: string }
  /** Everybody. */
  | { readonly kind: 'open' };

export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`: engines speak plain HTTP to it. */
  readonly host: string;
  /** A config.json with the user's login. */
  readonly config: string;
}

export interface RegistryOptions {
  /** It speaks TLS, with a certificate of the tests' authority; `mutual`: only with who shows one of that too. */
  readonly tls?: 'server' | 'mutual' | undefined;
  /** Directory of its content, which stays. Default: one of its own. */
  readonly data?: string | undefined;
  /** Nothing can be pushed. */
  readonly readOnly?: boolean | undefined;
}

const issuer = 'tsbuildx-test';
/** bcrypt of the password. */
const htpasswd = `${registryUser.name}:$2y$05$abcdefghijklmnopqrstuuoXuKqgZXLiJqzfmMXDDhSFPIvxV7t8.\n`;

export async function startRegistry(auth: RegistryAuth, options: RegistryOptions = {}): Promise<TestRegistry> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-registry-'));
  await writeFile(join(dir, 'htpasswd'), htpasswd);
  const pem = (name: string): string => join(dir, `${name}.pem`);
  for (const [name, text] of Object.entries({ cert: serverCert, key: serverKey, ca })) await writeFile(pem(name), text);
  const config = {
    version: '0.1',
    log: { level: 'info', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: options.data ?? join(dir, 'data') },
      delete: { enabled: true },
      ...(options.readOnly === true && { maintenance: { readonly: { enabled: true } } }),
    },
    http: {
      addr: '127.0.0.1:0',
      secret: 'x',
      ...(options.tls !== undefined && {
        tls: { certificate: pem('cert'), key: pem('key'), ...(options.tls === 'mutual' && { clientcas: [pem('ca')] }) },
      }),
    },
    ...(auth.kind === 'basic' && { auth: { htpasswd: { realm: 'test', path: join(dir, 'htpasswd') } } }),
    ...(auth.kind === 'token' && {
      auth: { token: { realm: auth.realm, service: 'test', issuer, rootcertbundle: pem('cert') } },
    }),
  };
  const file = join(dir, 'config.yml');
  await writeFile(file, JSON.stringify(config));
  const child = spawn(await registryServer(), ['serve', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  const host = await listeningAddress(child);
  // who keeps no registry open does not wait for it
  child.unref();
  const login = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
  return {
    host,
    config: JSON.stringify({ auths: { [host]: { auth: login } } }),
    [Symbol.asyncDispose]: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function listeningAddress(child: ChildProcess): Promise<string> {
  if (child.stderr === null) throw new Error('no stderr');
  const said: string[] = [];
  const found = Promise.withResolvers<string>();
  createInterface(child.stderr).on('line', (line) => {
    said.push(line);
    const address = /listening on (127\.0\.0\.1:\d+)/.exec(line)?.[1];
    if (address !== undefined) found.resolve(address);
  });
  child.on('exit', () => found.reject(new Error(`the registry ended:\n${said.join('\n')}`)));
  child.on('error', found.reject);
  return await found.promise;
}

/** A request for a token, as it came. */
export interface TokenCall {
  readonly method: string;
  readonly scopes: readonly string[];
  /** Who asks; empty for nobody in particular. */
  readonly user: string;
}

export interface TokenServer extends AsyncDisposable {
  readonly realm: string;
  readonly calls: readonly TokenCall[];
  /** Breaks the connection of this many requests to come. */
  failNext(count: number): void;
  /** Passwords or refresh tokens that are let in; by default the user's password. */
  accept(secret: string): void;
}

export interface TokenServerOptions {
  /** Lets everybody pull. */
  readonly openPull?: boolean | undefined;
}

export async function startTokenServer(options: TokenServerOptions = {}): Promise<TokenServer> {
  const calls: TokenCall[] = [];
  const accepted = new Set([registryUser.password]);
  let toFail = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const { user, secret, scopes } = await readRequest(request);
      if (toFail > 0) {
        toFail -= 1;
        request.socket.resetAndDestroy();
        return;
      }
      calls.push({ method: request.method ?? '', scopes, user });
      const isKnown = accepted.has(secret);
      if (secret !== '' && !isKnown) {
        response.writeHead(401).end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'wrong login' }] }));
        return;
      }
      const granted = scopes.map(parseScope).map((access) => ({
        ...access,
        actions: isKnown ? access.actions : access.actions.filter((action) => action === 'pull' && options.openPull),
      }));
      const token = makeToken(user, granted);
      response.end(JSON.stringify({ token, access_token: token, expires_in: 300 }));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no address');
  return {
    realm: `http://127.0.0.1:${address.port}/token`,
    calls,
    failNext: (count) => {
      toFail = count;
    },
    accept: (secret) => {
      accepted.clear();
      accepted.add(secret);
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Asked {
  readonly user: string;
  readonly secret: string;
  readonly scopes: readonly string[];
}

async function readRequest(request: IncomingMessage): Promise<Asked> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const form = new URLSearchParams(body);
  const query = new URL(request.url ?? '', 'http://x').searchParams;
  const login = Buffer.from(request.headers.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
  const [user = '', secret = ''] = login.split(':');
  const scopes = [...query.getAll('scope'), ...(form.get('scope') ?? '').split(' ')].filter((scope) => scope !== '');
  return {
    user: form.get('username') ?? user,
    secret: form.get('password') ?? form.get('refresh_token') ?? secret,
    scopes,
  };
}

interface Access {
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
}

function parseScope(scope: string): Access {
  const [type = '', ...rest] = scope.split(':');
  const actions = rest.pop() ?? '';
  return { type, name: rest.join(':'), actions: actions.split(',') };
}

/** A JSON web token, signed by the key whose certificate the registry trusts. */
function makeToken(subject: string, access: readonly Access[]): string {
  const now = Math.floor(Date.now() / 1000);
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const header = encode({ typ: 'JWT', alg: 'ES256', kid: keyId() });
  const times = { exp: now + 300, nbf: now - 10, iat: now };
  const text = `${header}.${encode({ iss: issuer, sub: subject, aud: 'test', ...times, jti: randomUUID(), access })}`;
  const signature = sign('sha256', Buffer.from(text), { key: createPrivateKey(serverKey), dsaEncoding: 'ieee-p1363' });
  return `${text}.${signature.toString('base64url')}`;
}

/** libtrust's name of a key: base32 of a hash of the public key, in groups of four. */
function keyId(): string {
  const der = createPublicKey(serverKey).export({ format: 'der', type: 'spki' });
  const hash = createHash('sha256').update(der).digest().subarray(0, 30);
  const bits = [...hash].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const letters =
    bits.match(/.{5}/g)?.map((five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number.parseInt(five, 2)]) ?? [];
  return letters.join('').match(/.{4}/g)?.join(':') ?? '';
}
