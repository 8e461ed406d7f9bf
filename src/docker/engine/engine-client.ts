import { TsbuildxError } from '../../base/errors.ts';
import { type Dialer, upgradeDialer } from '../../transport/index.ts';
import type { DockerEndpoint } from '../contexts/index.ts';
import { answerWithin } from './answer-within.ts';
import { hasRepoDigests, readContainer, readExecId, readInfo, readRemoteDigest, readVersion } from './answers.ts';
import type { EngineCallOptions, EngineClient, HeaderPairs } from './client.ts';
import { engineAuthority, engineDialer, enginePathPrefix } from './dial.ts';
import { ExecStream } from './exec-stream.ts';
import { type HeaderSources, requestHeaders } from './headers.ts';
import type { ApiRequest, Modem } from './modem.ts';
import type { StreamCall } from './stream-call.ts';

export interface EngineClientOptions extends HeaderSources {
  /** DOCKER_API_VERSION. Default: no version in the paths, which is the engine's own and needs no ping to find out. */
  readonly apiVersion?: string | undefined;
  /** Milliseconds that the engine may take to answer. Default 60,000; with ssh 300,000, as its user may be asked things. */
  readonly answerMs?: number | undefined;
  /** Milliseconds between questions whether the engine is alive, while it loads or pushes an image. Default 15,000. */
  readonly alivePauseMs?: number | undefined;
}

/** One that wakes up from a pause needs many seconds. */
const ANSWER_MS = 60_000;
/** With the time for a login, which a server gives two minutes, or a registry that the engine asks. */
const LONG_ANSWER_MS = 300_000;
const ALIVE_PAUSE_MS = 15_000;

const REGISTRY_AUTH = 'X-Registry-Auth';

/** A client of the engine at `endpoint`. Nothing is dialed before the first call. Throws INVALID_ARGUMENT. */
export function createEngineClient(endpoint: DockerEndpoint, options: EngineClientOptions = {}): EngineClient {
  const dial = engineDialer(endpoint);
  const headers = requestHeaders(options);
  const authority = engineAuthority(endpoint);
  const prefix = enginePathPrefix(endpoint);
  const apiPrefix = options.apiVersion ? `${prefix}/v${options.apiVersion.replace(/^v/, '')}` : prefix;

  const where = `the Docker daemon at ${endpoint.host}`;
  const isSsh = endpoint.address.kind === 'ssh';
  const answerMs = options.answerMs ?? (isSsh ? LONG_ANSWER_MS : ANSWER_MS);

  let modem: Promise<Modem> | undefined;
  const within = async <T>(
    request: ApiRequest,
    call: (modem: Modem, request: ApiRequest) => Promise<T>,
    ms: number,
  ) => {
    modem ??= import('./modem.ts').then(({ createModem }) =>
      createModem({ dial, headers, pathPrefix: apiPrefix, authority }),
    );
    const made = await modem;
    const deadline = { ms, where, what: `${request.method} ${request.path}`, signal: request.signal };
    return await answerWithin((signal) => call(made, { ...request, signal }), deadline);
  };
  const api = (request: ApiRequest, ms: number = answerMs): Promise<unknown> =>
    within(request, (made, timed) => made.call(timed), ms);
  const get = (path: string, { signal }: EngineCallOptions): Promise<unknown> => api({ method: 'GET', path, signal });
  /** An engine that answers with an error is alive. */
  const ping = async (signal: AbortSignal): Promise<void> => {
    await get('/_ping', { signal }).catch((error: unknown) => {
      if (error instanceof TsbuildxError && error.code === 'TRANSPORT') throw error;
    });
  };
  const stream = async (path: string, more: HeaderPairs, { signal }: EngineCallOptions): Promise<StreamCall> => {
    const { openStreamCall } = await import('./stream-call.ts');
    const request = { path: `${apiPrefix}${path}`, headers: more, signal };
    // Every question would be a login of its own; ssh itself notices a peer that is gone.
    const alive = isSsh ? undefined : { pauseMs: options.alivePauseMs ?? ALIVE_PAUSE_MS, ask: ping };
    return openStreamCall({ dial, authority, headers, alive }, request);
  };
  const upgrade = (path: string, protocol: string, more: HeaderPairs = [], body?: object): Dialer =>
    upgradeDialer(dial, {
      path,
      protocol,
      host: authority,
      headers: [...headers, ...more],
      body: body === undefined ? undefined : JSON.stringify(body),
      where,
      answerMs,
    });

  return {
    host: endpoint.host,
    grpcDialer: upgrade(`${prefix}/grpc`, 'h2c'),
    openSession: (session, { signal }) => upgrade(`${prefix}/session`, 'h2c', session)({ signal }),
    version: async (call) => readVersion(await get('/version', call)),
    info: async (call) => readInfo(await get('/info', call)),
    inspectContainer: async (name, call) =>
      readContainer(await get(`/containers/${encodeURIComponent(name)}/json`, call)),
    startContainer: async (name, { signal }) => {
      await api({ method: 'POST', path: `/containers/${encodeURIComponent(name)}/start`, signal });
    },
    execDialer: (container, command) => async (call) => {
      const path = `/containers/${encodeURIComponent(container)}/exec`;
      const body = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false, Cmd: command };
      const id = readExecId(await api({ method: 'POST', path, body, signal: call.signal }));
      const start = upgrade(`${apiPrefix}/exec/${id}/start`, 'tcp', [], { Detach: false, Tty: false });
      return new ExecStream(await start(call), `${command.join(' ')} in container ${container}`);
    },
    call: (request, { signal }) => api({ ...request, signal }),
    open: (request, { signal }) => within({ ...request, signal }, (made, timed) => made.open(timed), answerMs),
    pullImage: async ({ repository, tag }, auth, call) => {
      const query = new URLSearchParams({ fromImage: repository, tag });
      const pulling = await stream(
        `/images/create?${query.toString()}`,
        auth === '' ? [] : [[REGISTRY_AUTH, auth]],
        call,
      );
      pulling.end();
      return pulling;
    },
    loadImage: (call) => stream('/images/load?quiet=0', [['Content-Type', 'application/x-tar']], call),
    pushImage: async ({ repository, tag }, auth, call) => {
      const query = tag === undefined ? '' : `?tag=${encodeURIComponent(tag)}`;
      const pushing = await stream(`/images/${repository}/push${query}`, [[REGISTRY_AUTH, auth]], call);
      pushing.end();
      return pushing;
    },
    hasRepoDigests: async (name, call) => hasRepoDigests(await get(`/images/${name}/json`, call)),
    remoteDigest: async (name, auth, { signal }) => {
      const request = {
        method: 'GET',
        path: `/distribution/${name}/json`,
        headers: [[REGISTRY_AUTH, auth]],
        signal,
      } as const;
      return readRemoteDigest(await api(request, Math.max(answerMs, LONG_ANSWER_MS)));
    },
  };
}
