import type { Duplex } from 'node:stream';
import type { ConnectionOptions, TLSSocket } from 'node:tls';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { joinHostPort } from './address.ts';
import type { Dialer } from './dialer.ts';
import { canceled, tcpDialer } from './socket.ts';

/** Certificates in PEM, and what is checked with them. */
export interface TlsMaterial {
  /** Trusted besides nothing else; default: the system's certificates. */
  readonly ca?: string | Uint8Array | undefined;
  /** Of this client; needs `key`. */
  readonly cert?: string | Uint8Array | undefined;
  readonly key?: string | Uint8Array | undefined;
  /** Accept any certificate. Default false. */
  readonly skipVerify?: boolean | undefined;
  /** The name that the certificate must have. Default: the host that is dialed. */
  readonly serverName?: string | undefined;
}

export interface TlsAddress {
  readonly host: string;
  readonly port: number;
  /** Protocols offered, for example `h2`. */
  readonly alpn?: readonly string[] | undefined;
}

const HANDSHAKE_TIMEOUT_MS = 30_000;

/** Dials TLS over TCP, or over the streams of another dialer. */
export function tlsDialer(address: TlsAddress, material: TlsMaterial, via?: Dialer): Dialer {
  const dialTcp = via ?? tcpDialer(address.host, address.port);
  const where = `tcp://${joinHostPort(address.host, address.port)}`;
  return async ({ signal }) => {
    const [{ connect }, net, socket] = await Promise.all([import('node:tls'), import('node:net'), dialTcp({ signal })]);
    const name = material.serverName ?? address.host;
    const options: ConnectionOptions = {
      socket,
      host: name,
      minVersion: 'TLSv1.2',
      rejectUnauthorized: material.skipVerify !== true,
      ...(net.isIP(name) === 0 ? { servername: name } : {}),
      ...(material.ca === undefined ? {} : { ca: pem(material.ca) }),
      ...(material.cert === undefined ? {} : { cert: pem(material.cert) }),
      ...(material.key === undefined ? {} : { key: pem(material.key) }),
      ...(address.alpn === undefined ? {} : { ALPNProtocols: [...address.alpn] }),
    };
    let secure: TLSSocket;
    try {
      secure = connect(options);
    } catch (cause) {
      socket.destroy();
      throw new TsbuildxError('TRANSPORT', `invalid TLS material for ${where}: ${messageOf(cause)}`, { cause });
    }
    return await handshake(secure, where, signal);
  };
}

function handshake(secure: TLSSocket, where: string, signal: AbortSignal): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => onError(new Error('the handshake timed out')), HANDSHAKE_TIMEOUT_MS);
    const settle = (error?: TsbuildxError): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      secure.off('secureConnect', onSecure).off('error', onError).off('close', onClose);
      if (error === undefined) {
        resolve(secure);
        return;
      }
      secure.on('error', () => undefined).destroy();
      reject(error);
    };
    const onSecure = (): void => settle();
    const onError = (cause: Error): void => {
      settle(new TsbuildxError('TRANSPORT', `TLS handshake with ${where} failed: ${explain(cause)}`, { cause }));
    };
    const onClose = (): void => onError(new Error('the other side closed the connection'));
    const onAbort = (): void => settle(canceled(where, signal));
    secure.once('secureConnect', onSecure).once('error', onError).once('close', onClose);
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
  });
}

function explain(cause: Error): string {
  const code = 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return 'the daemon does not speak TLS on this port';
  }
  return messageOf(cause);
}

function pem(value: string | Uint8Array): string | Buffer {
  return typeof value === 'string' ? value : Buffer.from(value);
}
