import type { Agent } from 'node:http';
import { TsbuildxError } from '../base/errors.ts';
import { type Dialer, pause } from '../transport/index.ts';
import { type KubeAccess } from './access.ts';
import { kubeError } from './api-error.ts';
import { podCommandDialer } from './exec/pod-command.ts';
import { exchange, type HttpAnswer, type HttpRequest, type HttpUpgrade, upgrade } from './http/exchange.ts';
import { serverAgent } from './http/server.ts';
import { parsePod, parsePods, type Pod } from './pods.ts';

/** The kinds of objects that builders are made of. */
export type KubeKind = 'deployments' | 'statefulsets' | 'configmaps';

export interface CallOptions {
  readonly signal: AbortSignal;
}

/** An object as JSON has it. */
export type KubeObject = Readonly<Record<string, unknown>>;

/**
 * Calls the API server about objects of one namespace. Disposing closes its connections; streams of commands stay.
 * Errors: KubeError with AUTH (401, 403), NOT_FOUND (404) or KUBE_FAILED; TRANSPORT, PROTOCOL, CANCELED, IO (files of the
 * kubeconfig).
 */
export interface KubeClient extends Disposable {
  readonly namespace: string;
  get(kind: KubeKind, name: string, options: CallOptions): Promise<unknown>;
  create(kind: KubeKind, object: KubeObject, options: CallOptions): Promise<void>;
  update(kind: KubeKind, name: string, object: KubeObject, options: CallOptions): Promise<void>;
  remove(kind: KubeKind, name: string, options: CallOptions): Promise<void>;
  /** Pods that have all the labels, in the order of the server. */
  listPods(labels: Readonly<Record<string, string>>, options: CallOptions): Promise<readonly Pod[]>;
  getPod(name: string, options: CallOptions): Promise<Pod>;
  /** Runs a command in a container for each dial; its stdin and stdout are the stream. */
  commandDialer(pod: string, container: string, command: readonly string[]): Dialer;
}

const API: Readonly<Record<KubeKind | 'pods', string>> = {
  deployments: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  configmaps: '/api/v1',
  pods: '/api/v1',
};

/** As client-go: how often a server that asks for patience is asked again, and the longest wait, in seconds. */
const MAX_RETRIES = 10;
const MAX_PATIENCE = 30;

export function createKubeClient(access: KubeAccess, namespace: string, userAgent: string): KubeClient {
  const over = new AbortController();
  let agent: Agent | undefined;

  const once = async <T extends HttpAnswer | HttpUpgrade>(
    ask: (agent: Agent, request: HttpRequest) => Promise<T>,
    request: HttpRequest,
  ): Promise<T> => {
    for (let isSecond = false; ; isSecond = true) {
      const credentials = await access.authenticator.credentials(request.signal);
      const authorization = credentials.authorization?.reveal();
      agent ??= serverAgent(access.server, over.signal);
      const headers = {
        'user-agent': userAgent,
        ...(authorization === undefined ? {} : { authorization }),
        ...access.impersonation,
        ...request.headers,
      };
      const answer = await ask(agent, { ...request, headers });
      const isRefused = 'status' in answer && answer.status === 401;
      if (!isRefused || isSecond || !access.authenticator.reject(credentials)) return answer;
      // a new certificate needs a new connection
      agent = undefined;
    }
  };
  const call = async (
    method: HttpRequest['method'],
    path: string,
    { signal }: CallOptions,
    object?: KubeObject,
  ): Promise<unknown> => {
    const request: HttpRequest = {
      method,
      url: urlOf(access, path),
      headers: { accept: 'application/json', ...(object === undefined ? {} : { 'content-type': 'application/json' }) },
      body: object === undefined ? undefined : JSON.stringify(object),
      signal,
    };
    for (let retries = 0; ; retries += 1) {
      const { status, headers, body } = await once(exchange, request);
      if (status >= 200 && status < 300) return parseAnswer(body);
      const seconds = Number(headers['retry-after'] ?? Number.NaN);
      const mayRetry = status === 429 || status >= 500;
      if (!mayRetry || Number.isNaN(seconds) || retries === MAX_RETRIES) throw kubeError(status, body);
      await pause(Math.min(seconds, MAX_PATIENCE) * 1000, { signal });
    }
  };
  const path = (kind: KubeKind | 'pods', name?: string): string =>
    `${API[kind]}/namespaces/${encodeURIComponent(namespace)}/${kind}${name === undefined ? '' : `/${encodeURIComponent(name)}`}`;

  return {
    namespace,
    get: (kind, name, options) => call('GET', path(kind, name), options),
    create: async (kind, object, options) => void (await call('POST', path(kind), options, object)),
    update: async (kind, name, object, options) => void (await call('PUT', path(kind, name), options, object)),
    remove: async (kind, name, options) => void (await call('DELETE', path(kind, name), options)),
    async listPods(labels, options) {
      const labelSelector = Object.entries(labels)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `${name}=${value}`)
        .join(',');
      const query = new URLSearchParams({ labelSelector });
      return parsePods(await call('GET', `${path('pods')}?${query.toString()}`, options));
    },
    getPod: async (name, options) => parsePod(await call('GET', path('pods', name), options)),
    commandDialer: (pod, container, command) =>
      podCommandDialer({
        what: `pod ${pod} (container ${container})`,
        url: (query) => urlOf(access, `${path('pods', pod)}/exec?${query.toString()}`),
        container,
        command,
        upgrade: (request) => once(upgrade, request),
      }),
    [Symbol.dispose]() {
      over.abort();
      agent?.destroy();
    },
  };
}

function parseAnswer(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new TsbuildxError('PROTOCOL', 'the API server answers with what is not JSON: is there a proxy before it?');
  }
}

function urlOf({ server, prefix }: KubeAccess, path: string): URL {
  return new URL(`${prefix}${path}`, server.url);
}
