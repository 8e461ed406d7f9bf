// A double of a Kubernetes API server, and no cluster: it keeps the objects that builders are made of in memory and says of
// them what a real one says (API server 1.20, its answers recorded with `npm run test:kubernetes`), over real HTTP and TLS.
// A deployment has its pods at once. What runs in a pod is a function of the test, mostly a way to a real BuildKit.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { member, textMember, textMembers } from '../../src/base/json-object.ts';
import { ca, clientCert, clientKey, serverCert, serverKey } from './certificates.ts';
import { type RunningCommand, serveSpdy, serveWebsocket } from './kubernetes-exec.ts';

export interface KubernetesOptions {
  /** Runs a command in a pod. */
  readonly run: (call: CommandCall) => RunningCommand | Promise<RunningCommand>;
  /** What an exec may be carried by. Default: what a new API server has. */
  readonly protocols?: readonly ('v5' | 'spdy' | 'v4')[] | undefined;
  /** Verbs on `pods/exec` that the caller has; a websocket needs `get`, SPDY `create`. Default: both. */
  readonly execVerbs?: readonly ('get' | 'create')[] | undefined;
  /** How many pods of a deployment are ready. Default: all. */
  readonly ready?: ((replicas: number) => number) | undefined;
}

export interface CommandCall {
  readonly pod: string;
  readonly container: string;
  readonly command: readonly string[];
}

export interface TestKubernetes extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** A kubeconfig with a token that is accepted; its namespace is `builders`. */
  readonly kubeconfig: string;
  /** What was asked: `GET /apis/…`. */
  readonly requests: readonly string[];
  /** Objects by `kind/name`. */
  readonly objects: ReadonlyMap<string, unknown>;
  /** Upgraded connections that are open. */
  readonly streams: () => number;
  /** Accepts this token from now on, and no other. */
  readonly setToken: (token: string) => void;
}

export const token = 'a-token-that-nobody-may-see';
const NAMESPACE = 'builders';

export async function startKubernetes(options: KubernetesOptions): Promise<TestKubernetes> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-kubernetes-'));
  const { protocols = ['v5', 'spdy', 'v4'], execVerbs = ['get', 'create'] } = options;
  const requests: string[] = [];
  const objects = new Map<string, unknown>();
  const upgraded = new Set<Duplex>();
  let accepted = token;

  const isKnown = (request: IncomingMessage): boolean => {
    if (request.headers.authorization !== undefined) return request.headers.authorization === `Bearer ${accepted}`;
    return 'authorized' in request.socket && request.socket.authorized === true;
  };
  const pods = (): readonly object[] => [...objects].flatMap(([key, object]) => podsOf(key, object));
  const server = createServer(
    { key: serverKey, cert: serverCert, ca, requestCert: true, rejectUnauthorized: false },
    (request, response) => void handle(request, response),
  );
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '/', 'https://double');
    const [, group = '', kind = '', name] =
      /^\/(?:api|apis\/(apps))\/v1\/namespaces\/builders\/([a-z]+)(?:\/([^/]+))?$/.exec(url.pathname) ?? [];
    if (!isKnown(request)) answer(response, status(401, 'Unauthorized', 'Unauthorized'));
    else if (kind === 'pods' && name === undefined) {
      const wanted = url.searchParams.get('labelSelector') ?? '';
      answer(response, {
        kind: 'PodList',
        apiVersion: 'v1',
        metadata: {},
        items: pods().filter((pod) => hasLabels(pod, wanted)),
      });
    } else if (kind === 'pods') {
      const found = pods().find((pod) => textMember(member(pod, 'metadata'), 'name') === name);
      answer(response, found ?? notFound('', 'pods', name ?? ''));
    } else answer(response, await change(request, { group, kind, name }));
  };
  const change = async (
    request: IncomingMessage,
    { group, kind, name }: { readonly group: string; readonly kind: string; readonly name: string | undefined },
  ): Promise<unknown> => {
    const sent: unknown = request.method === 'POST' || request.method === 'PUT' ? await bodyOf(request) : undefined;
    const key = `${kind}/${name ?? textMember(member(sent, 'metadata'), 'name')}`;
    const known = objects.get(key);
    if (request.method === 'POST') {
      if (known !== undefined) {
        const what = group === '' ? kind : `${kind}.${group}`;
        return status(409, 'AlreadyExists', `${what} ${JSON.stringify(key.slice(kind.length + 1))} already exists`);
      }
      objects.set(key, sent);
      return { ...Object(sent), code: 201 };
    }
    if (known === undefined) return notFound(group, kind, name ?? '');
    if (request.method === 'PUT') objects.set(key, sent);
    if (request.method === 'DELETE') objects.delete(key);
    if (request.method !== 'GET') return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' };
    const replicas = Number(member(member(known, 'spec'), 'replicas'));
    const readyReplicas = (options.ready ?? ((all) => all))(replicas);
    return { ...Object(known), status: { replicas, ...(readyReplicas > 0 ? { readyReplicas } : {}) } };
  };
  server.on('upgrade', (request: IncomingMessage, socket: Duplex) => {
    requests.push(`${request.method} ${request.url}`);
    const refuse = (why: unknown): void => void socket.end(upgradeRefusal(why));
    const url = new URL(request.url ?? '/', 'https://double');
    const pod = /^\/api\/v1\/namespaces\/builders\/pods\/([^/]+)\/exec$/.exec(url.pathname)?.[1] ?? '';
    const isSpdy = request.headers.upgrade === 'SPDY/3.1';
    const verb = request.method === 'GET' ? 'get' : 'create';
    const protocol = request.headers['sec-websocket-protocol'] ?? '';
    if (!isKnown(request)) return refuse(status(401, 'Unauthorized', 'Unauthorized'));
    if (!execVerbs.includes(verb)) {
      const text = `pods ${JSON.stringify(pod)} is forbidden: User "viewer" cannot ${verb} resource "pods/exec" in API group "" in the namespace "builders"`;
      return refuse(status(403, 'Forbidden', text));
    }
    if (!pods().some((each) => textMember(member(each, 'metadata'), 'name') === pod)) {
      return refuse(notFound('', 'pods', pod));
    }
    if (!protocols.includes(isSpdy ? 'spdy' : protocol.startsWith('v5') ? 'v5' : 'v4')) {
      return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
    }
    upgraded.add(socket);
    socket.once('close', () => upgraded.delete(socket));
    const call = {
      pod,
      container: url.searchParams.get('container') ?? '',
      command: url.searchParams.getAll('command'),
    };
    void Promise.resolve(options.run(call)).then(
      (command) => (isSpdy ? serveSpdy(socket, command) : serveWebsocket(request, socket, protocol, command)),
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the double has no port');
  const url = `https://127.0.0.1:${address.port}`;
  const kubeconfig = join(dir, 'kubeconfig');
  await writeFile(kubeconfig, kubeconfigText(url));
  return {
    url,
    port: address.port,
    kubeconfig,
    requests,
    objects,
    streams: () => upgraded.size,
    setToken(next) {
      accepted = next;
    },
    async [Symbol.asyncDispose]() {
      for (const socket of upgraded) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
      await rm(dir, { recursive: true, force: true });
    },
  };
}

/** A kubeconfig for the double, whose user is `user` as YAML in one line. */
export function kubeconfigText(url: string, user = `{ token: ${token} }`): string {
  const authority = Buffer.from(ca).toString('base64');
  return `apiVersion: v1
kind: Config
current-context: double
clusters:
- name: double
  cluster: { server: "${url}", certificate-authority-data: ${authority} }
users:
- name: me
  user: ${user}
contexts:
- name: double
  context: { cluster: double, user: me, namespace: ${NAMESPACE} }
`;
}

/** A user of a kubeconfig who has a certificate. */
export function certificateUser(): string {
  const [cert, key] = [clientCert, clientKey].map((pem) => Buffer.from(pem).toString('base64'));
  return `{ client-certificate-data: ${cert}, client-key-data: ${key} }`;
}

/** Pods of a deployment have names with a hash, those of a stateful set are numbered. */
function podsOf(key: string, object: unknown): object[] {
  const [kind, name] = key.split('/');
  if (kind === 'configmaps') return [];
  const spec = member(object, 'spec');
  const template = member(spec, 'template');
  return Array.from({ length: Number(member(spec, 'replicas')) }, (_, i) => ({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      ...Object(member(template, 'metadata')),
      name: kind === 'statefulsets' ? `${name}-${i}` : `${name}-5644d7658-${'bcdfg'.charAt(i % 5)}${i}rbs`,
    },
    spec: member(template, 'spec'),
    status: { phase: 'Running' },
  }));
}

function hasLabels(pod: object, selector: string): boolean {
  const labels = textMembers(member(member(pod, 'metadata'), 'labels'));
  return selector.split(',').every((pair) => {
    const [name = '', value] = pair.split('=');
    return labels[name] === value;
  });
}

function status(code: number, reason: string, message: string, details?: object): object {
  const rest = details === undefined ? {} : { details };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message, reason, ...rest, code };
}

function notFound(group: string, kind: string, name: string): object {
  const what = group === '' ? kind : `${kind}.${group}`;
  return status(404, 'NotFound', `${what} ${JSON.stringify(name)} not found`, {
    name,
    ...(group === '' ? {} : { group }),
    kind,
  });
}

function answer(response: ServerResponse, body: unknown): void {
  const code = Number(member(body, 'code') ?? 200);
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function upgradeRefusal(body: unknown): string {
  const text = JSON.stringify(body);
  const code = Number(member(body, 'code'));
  return `HTTP/1.1 ${code} Refused\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(text)}\r\nConnection: close\r\n\r\n${text}`;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    const bytes: unknown = chunk;
    if (Buffer.isBuffer(bytes)) chunks.push(bytes);
  }
  return JSON.parse(Buffer.concat(chunks).toString('utf8'));
}
