import { assertNever, TsbuildxError } from '../base/errors.ts';
import { type Address, formatAddress } from './address.ts';
import type { Dialer } from './dialer.ts';
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
 * The dialer for a buildkitd at `address`. Containers are not dialed here but through the client of their engine or cluster.
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
    case 'docker-container':
    case 'kube-pod':
      throw new TsbuildxError('UNSUPPORTED', `${formatAddress(address)} is reached through what runs it`);
    default:
      return assertNever(address);
  }
}
