import { assertNever, TsbuildxError } from '../base/errors.ts';
import { type Address, formatAddress } from './address.ts';
import type { Dialer } from './dialer.ts';
import { spawnDialer } from './process.ts';
import { pipeDialer, tcpDialer, unixDialer } from './socket.ts';
import { sshDialer } from './ssh.ts';
import { type TlsMaterial, tlsDialer } from './tls.ts';

export interface DialOptions {
  /** Encrypts tcp. */
  readonly tls?: TlsMaterial | undefined;
  /** Protocols offered with TLS. Default `h2`. */
  readonly alpn?: readonly string[] | undefined;
}

/**
 * The dialer for a buildkitd at `address`. Containers of an engine are not dialed here but through the engine's client.
 * Throws UNSUPPORTED for these.
 */
export function dialerFor(address: Address, options: DialOptions = {}): Dialer {
  switch (address.kind) {
    case 'unix':
      return unixDialer(address.path);
    case 'npipe':
      return pipeDialer(address.path);
    case 'tcp': {
      const { host, port } = address;
      if (options.tls === undefined) return tcpDialer(host, port);
      return tlsDialer({ host, port, alpn: options.alpn ?? ['h2'] }, options.tls);
    }
    case 'ssh':
      return sshDialer(address, 'buildctl');
    case 'kube-pod': {
      const { context, namespace, container, pod } = address;
      const flags = Object.entries({ context, namespace, container }).flatMap(([name, value]) =>
        value === undefined ? [] : [`--${name}=${value}`],
      );
      return spawnDialer('kubectl', ['exec', ...flags, '-i', pod, '--', 'buildctl', 'dial-stdio'], {
        where: formatAddress(address),
      });
    }
    case 'docker-container':
      throw new TsbuildxError('UNSUPPORTED', `${formatAddress(address)} is reached through its engine`);
    default:
      return assertNever(address);
  }
}
