import type { Duplex } from 'node:stream';
import { messageOf, TsbuildxError } from '../base/errors.ts';
import { joinHostPort } from './address.ts';
import type { Dialer } from './dialer.ts';
import { formatConnect, parseConnectAnswer } from './proxy/connect.ts';
import { socksTalk } from './proxy/socks.ts';
import type { ProxyTalk } from './proxy/talk.ts';
import { canceled, tcpDialer } from './socket.ts';
import { tlsDialer } from './tls.ts';

const ANSWER_MS = 30_000;
const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'https:': 443,
  'socks5:': 1080,
  'socks5h:': 1080,
};

/**
 * Dials `host:port` through a proxy: `http://` and `https://` by CONNECT, `socks5://` and `socks5h://`; the proxy looks the
 * name up. A user and password in its address are sent to it and shown nowhere. Throws UNSUPPORTED for other schemes.
 */
export function proxyDialer(proxy: URL, host: string, port: number): Dialer {
  const standard = DEFAULT_PORTS[proxy.protocol];
  const name = proxy.hostname.replace(/^\[|\]$/g, '');
  if (standard === undefined) {
    throw new TsbuildxError('UNSUPPORTED', `unsupported scheme ${JSON.stringify(proxy.protocol)} of a proxy`);
  }
  const at = { host: name, port: proxy.port === '' ? standard : Number(proxy.port) };
  const where = `${joinHostPort(host, port)} through the proxy ${proxy.protocol}//${joinHostPort(at.host, at.port)}`;
  const dial = proxy.protocol === 'https:' ? tlsDialer({ ...at, alpn: ['http/1.1'] }, {}) : tcpDialer(at.host, at.port);
  const login = { user: decodeURIComponent(proxy.username), password: decodeURIComponent(proxy.password) };
  return async ({ signal }) => {
    const talk = proxy.protocol.startsWith('socks')
      ? socksTalk(host, port, login)
      : { hello: formatConnect(host, port, login), push: parseConnectAnswer };
    const stream = await dial({ signal });
    try {
      await converse(stream, talk, { where, signal });
      return stream;
    } catch (error) {
      stream.on('error', () => undefined).destroy();
      throw error;
    }
  };
}

function converse(
  stream: Duplex,
  talk: ProxyTalk,
  { where, signal }: { readonly where: string; readonly signal: AbortSignal },
): Promise<void> {
  return new Promise((resolve, reject) => {
    let bytes: Buffer = Buffer.alloc(0);
    const settle = (error?: TsbuildxError): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      stream.off('readable', onReadable).off('error', onLost).off('end', onEnd).off('close', onEnd);
      if (error === undefined) resolve();
      else reject(error);
    };
    const fail = (cause: unknown): void => {
      settle(new TsbuildxError('TRANSPORT', `cannot connect to ${where}: ${messageOf(cause)}`, { cause }));
    };
    const timer = setTimeout(() => fail(new Error('the proxy does not answer')), ANSWER_MS);
    const onAbort = (): void => settle(canceled(where, signal));
    const onLost = (cause: Error): void => fail(cause);
    const onEnd = (): void => fail(new Error('the proxy closed the connection'));
    const onReadable = (): void => {
      try {
        for (let chunk: unknown = stream.read(); Buffer.isBuffer(chunk); chunk = stream.read()) {
          bytes = Buffer.concat([bytes, chunk]);
        }
        for (;;) {
          const step = talk.push(bytes);
          if (step.kind === 'wait') return;
          bytes = bytes.subarray(step.used);
          if (step.kind === 'open') break;
          stream.write(step.send);
        }
        if (bytes.length > 0) stream.unshift(bytes);
        settle();
      } catch (error) {
        fail(error);
      }
    };
    if (signal.aborted) {
      onAbort();
      return;
    }
    signal.addEventListener('abort', onAbort, { once: true });
    stream.on('readable', onReadable).once('error', onLost).once('end', onEnd).once('close', onEnd);
    stream.write(talk.hello);
  });
}
