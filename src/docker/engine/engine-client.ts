import { type Dialer, upgradeDialer } from '../../transport/index.ts';
import type { DockerEndpoint } from '../contexts/index.ts';
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
}

/** Milliseconds that an engine may take to answer an upgrade: one that wakes up from a pause needs many seconds. */
const ANSWER_MS = 60_000;

const REGISTRY_AUTH = 'X-Registry-Auth';

/** A client of the engine at `endpoint`. Nothing is dialed before the first call. Throws INVALID_ARGUMENT. */
export function createEngineClient(endpoint: DockerEndpoint, options: EngineClientOptions = {}): EngineClient {
  const dial = engineDialer(endpoint);
  const headers = requestHeaders(options);
  const authority = engineAuthority(endpoint);
  const prefix = enginePathPrefix(endpoint);
  const apiPrefix = options.apiVersion ? `${prefix}/v${options.apiVersion.replace(/^v/, '')}` : prefix;

  let modem: Promise<Modem> | undefined;
  const api = async (request: ApiRequest): Promise<unknown> => {
    modem ??= import('./modem.ts').then(({ createModem }) =>
      createModem({ dial, headers, pathPrefix: apiPrefix, authority }),
    );
    return await (await modem).call(request);
  };
  const get = (path: string, { signal }: EngineCallOptions): Promise<unknown> => api({ method: 'GET', path, signal });
  const stream = async (path: string, more: HeaderPairs, { signal }: EngineCallOptions): Promise<StreamCall> => {
    const { openStreamCall } = await import('./stream-call.ts');
    const request = { path: `${apiPrefix}${path}`, headers: more, signal };
    return openStreamCall({ dial, authority, headers }, request);
  };
  const upgrade = (path: string, protocol: string, more: HeaderPairs = [], body?: object): Dialer =>
    upgradeDialer(dial, {
      path,
      protocol,
      host: authority,
      headers: [...headers, ...more],
      body: body === undefined ? undefined : JSON.stringify(body),
      where: `the Docker daemon at ${endpoint.host}`,
      // with ssh the time includes a login, which may ask its user
      answerMs: endpoint.address.kind === 'ssh' ? undefined : ANSWER_MS,
    });

  return {
    host: endpoint.host,
    grpcDialer: upgrade(`${prefix}/grpc`, 'h2c'),
    openSession: (session, { signal }) => upgrade(`${prefix}/session`, 'h2c', session)({ signal }),
    version: async (call) => readVersion(await get('/version', call)),
    info: async (call) => readInfo(await get('/info', call)),
    inspectContainer: async (name, call) =>
      readContainer(await get(`/containers/${encodeURIComponent(name)}/json`, call)),
    execDialer: (container, command) => async (call) => {
      const path = `/containers/${encodeURIComponent(container)}/exec`;
      const body = { AttachStdin: true, AttachStdout: true, AttachStderr: true, Tty: false, Cmd: command };
      const id = readExecId(await api({ method: 'POST', path, body, signal: call.signal }));
      const start = upgrade(`${apiPrefix}/exec/${id}/start`, 'tcp', [], { Detach: false, Tty: false });
      return new ExecStream(await start(call), `${command.join(' ')} in container ${container}`);
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
      return readRemoteDigest(await api(request));
    },
  };
}
