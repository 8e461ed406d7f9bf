import { TsbuildxError } from '../../base/errors.ts';
import { type Dialer, joinHostPort, dialerFor, sshDialer } from '../../transport/index.ts';
import type { DockerEndpoint } from '../contexts/index.ts';

/** Dials the engine; errors say how it was looked for. Throws INVALID_ARGUMENT when no engine can be there. */
export function engineDialer(endpoint: DockerEndpoint): Dialer {
  const dial = rawDialer(endpoint);
  return async ({ signal }) => {
    try {
      return await dial({ signal });
    } catch (error) {
      throw explain(endpoint, error);
    }
  };
}

/** Value of the Host header. */
export function engineAuthority({ address }: DockerEndpoint): string {
  return address.kind === 'tcp' ? joinHostPort(address.host, address.port) : 'docker';
}

/** What goes before the path of every request. */
export function enginePathPrefix({ address }: DockerEndpoint): string {
  return address.kind === 'tcp' ? address.path.replace(/\/+$/, '') : '';
}

function rawDialer({ address, tls, host }: DockerEndpoint): Dialer {
  switch (address.kind) {
    case 'ssh':
      return sshDialer(address, 'docker');
    case 'unix':
    case 'npipe':
    case 'tcp':
      return dialerFor(address, { tls, alpn: ['http/1.1'] });
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `${host} is not the address of a Docker engine`);
  }
}

function explain({ host, origin }: DockerEndpoint, error: unknown): unknown {
  if (!(error instanceof TsbuildxError) || error.code !== 'TRANSPORT') return error;
  const { cause } = error;
  const denied = cause instanceof Error && 'code' in cause && (cause.code === 'EACCES' || cause.code === 'EPERM');
  const what = denied
    ? `permission denied while trying to connect to the docker API at ${host}`
    : `Cannot connect to the Docker daemon at ${host}. Is the docker daemon running?`;
  const why = error.message.replace(`cannot connect to ${host}: `, '');
  return new TsbuildxError('TRANSPORT', `${what} (looked there because of ${origin}: ${why})`, { cause: error });
}
