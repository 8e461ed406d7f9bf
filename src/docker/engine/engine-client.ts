import { type Dialer, upgradeDialer } from '../../transport/index.ts';
import type { DockerEndpoint } from '../contexts/index.ts';
import { readContainer, readExecId, readInfo, readLoad, readVersion } from './answers.ts';
import type { EngineCallOptions, EngineClient, HeaderPairs } from './client.ts';
import { engineAuthority, engineDialer, enginePathPrefix } from './dial.ts';
import { ExecStream } from './exec-stream.ts';
import { type HeaderSources, requestHeaders } from './headers.ts';
import type { ApiRequest, Modem } from './modem.ts';

export interface EngineClientOptions extends HeaderSources {
  /** DOCKER_API_VERSION. Default: no version in the paths, which is the engine's own and needs no ping to find out. */
  readonly apiVersion?: string | undefined;
}

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
  const upgrade = (path: string, protocol: string, more: HeaderPairs = [], body?: object): Dialer =>
    upgradeDialer(dial, {
      path,
      protocol,
      host: authority,
      headers: [...headers, ...more],
      body: body === undefined ? undefined : JSON.stringify(body),
      where: `the Docker daemon at ${endpoint.host}`,
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
    loadImage: async (file, { signal }) =>
      readLoad(await api({ method: 'POST', path: '/images/load', query: { quiet: '1' }, file, signal })),
  };
}
