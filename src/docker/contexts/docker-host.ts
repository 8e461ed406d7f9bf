// Matches docker/cli opts/hosts.go: defaults of -H and DOCKER_HOST, same error texts.
import { TsbuildxError } from '../../base/errors.ts';
import { type Address, formatAddress, parseAddress } from '../../transport/index.ts';

export interface DockerHost {
  /** The address in full: `unix:///var/run/docker.sock`, `tcp://localhost:2375`. */
  readonly host: string;
  readonly address: Address;
}

export interface DockerHostDefaults {
  readonly platform: NodeJS.Platform;
  /** Whether the default is TLS over TCP instead of the system's own socket. */
  readonly tls: boolean;
}

const UNIX_SOCKET = '/var/run/docker.sock';
const NAMED_PIPE = '//./pipe/docker_engine';

/** What `-H` and `DOCKER_HOST` stand for; an empty text is the default engine of the platform. Throws INVALID_ARGUMENT. */
export function parseDockerHost(text: string, defaults: DockerHostDefaults): DockerHost {
  const host = text.trim();
  const loopback = defaults.platform === 'win32' ? '127.0.0.1' : 'localhost';
  if (host === '') return parse(defaultHost(defaults, loopback), loopback);

  const separator = host.indexOf('://');
  const scheme = separator < 0 ? 'tcp' : host.slice(0, separator);
  const rest = separator < 0 ? host : host.slice(separator + 3);
  switch (scheme) {
    case 'tcp':
      return parse(`tcp://${rest === '' ? `${loopback}:2375` : rest}`, loopback);
    case 'unix':
    case 'npipe': {
      if (rest.includes('://'))
        throw new TsbuildxError('INVALID_ARGUMENT', `invalid proto, expected ${scheme}: ${rest}`);
      const fallback = scheme === 'unix' ? UNIX_SOCKET : NAMED_PIPE;
      return parse(`${scheme}://${rest === '' ? fallback : rest}`, loopback);
    }
    case 'ssh':
      return parse(host, loopback);
    case 'fd':
      throw new TsbuildxError('INVALID_ARGUMENT', `${host}: a client cannot connect to fd://`);
    default:
      throw new TsbuildxError('INVALID_ARGUMENT', `invalid bind address format: ${host}`);
  }
}

function defaultHost(defaults: DockerHostDefaults, loopback: string): string {
  if (defaults.tls) return `tcp://${loopback}:2376`;
  return defaults.platform === 'win32' ? `npipe://${NAMED_PIPE}` : `unix://${UNIX_SOCKET}`;
}

function parse(text: string, loopback: string): DockerHost {
  if (text.startsWith('tcp://') && text.slice('tcp://'.length).includes('://')) {
    throw new TsbuildxError('INVALID_ARGUMENT', `invalid proto, expected tcp: ${text.slice('tcp://'.length)}`);
  }
  const address = parseAddress(text, { host: loopback, port: 2375 });
  return { host: formatAddress(address), address };
}
