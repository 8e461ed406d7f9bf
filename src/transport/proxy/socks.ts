// RFC 1928 (SOCKS5) and RFC 1929 (user name and password).
import { isIP, isIPv4 } from 'node:net';
import type { ProxyLogin, ProxyStep, ProxyTalk } from './talk.ts';

const VERSION = 5;
const NO_LOGIN = 0;
const PASSWORD = 2;
const CONNECT = 1;
const IPV4 = 1;
const NAME = 3;
const IPV6 = 4;

const REFUSALS: readonly string[] = [
  '',
  'general failure',
  'the connection is not allowed',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'the time to live expired',
  'command not supported',
  'address type not supported',
];

/** The talk that makes a SOCKS5 proxy open a stream. */
export function socksTalk(host: string, port: number, { user, password }: ProxyLogin): ProxyTalk {
  const request = connectRequest(host, port);
  const hasLogin = user !== '' || password !== '';
  let state: 'method' | 'login' | 'connect' = 'method';
  return {
    hello: Buffer.from(hasLogin ? [VERSION, 2, NO_LOGIN, PASSWORD] : [VERSION, 1, NO_LOGIN]),
    push(bytes): ProxyStep {
      if (state === 'connect') return parseReply(bytes);
      if (bytes.length < 2) return { kind: 'wait' };
      if (state === 'login') {
        if (bytes[1] !== 0) throw new Error('it refused the user name and password');
      } else {
        if (bytes[0] !== VERSION) throw new Error('it does not speak SOCKS5');
        if (bytes[1] === PASSWORD && hasLogin) {
          state = 'login';
          return { kind: 'send', used: 2, send: loginRequest(user, password) };
        }
        if (bytes[1] !== NO_LOGIN) throw new Error('it wants another way to log in');
      }
      state = 'connect';
      return { kind: 'send', used: 2, send: request };
    },
  };
}

function loginRequest(user: string, password: string): Uint8Array {
  return Buffer.concat([Buffer.from([1]), shortText(user), shortText(password)]);
}

function connectRequest(host: string, port: number): Uint8Array {
  const tail = Buffer.alloc(2);
  tail.writeUInt16BE(port);
  return Buffer.concat([Buffer.from([VERSION, CONNECT, 0]), target(host), tail]);
}

function target(host: string): Uint8Array {
  if (isIPv4(host)) return Buffer.from([IPV4, ...host.split('.').map(Number)]);
  if (isIP(host) === 6) return Buffer.concat([Buffer.from([IPV6]), ipv6Bytes(host)]);
  return Buffer.concat([Buffer.from([NAME]), shortText(host)]);
}

function ipv6Bytes(host: string): Buffer {
  // the form that URL writes has no address of version 4 in it
  const [head = '', tail] = new URL(`http://[${host}]`).hostname.slice(1, -1).split('::');
  const words = (text: string): number[] =>
    text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16));
  const [first, last] = [words(head), words(tail ?? '')];
  const missing = tail === undefined ? 0 : 8 - first.length - last.length;
  const zeros = Array.from({ length: missing }, () => 0);
  return Buffer.from([...first, ...zeros, ...last].flatMap((word) => [word >> 8, word & 0xff]));
}

function shortText(text: string): Uint8Array {
  const bytes = Buffer.from(text);
  if (bytes.length > 255) throw new Error('a name for SOCKS5 has at most 255 bytes');
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

function parseReply(bytes: Buffer): ProxyStep {
  if (bytes.length < 5) return { kind: 'wait' };
  const [version, code = 0, , type, nameLength = 0] = bytes;
  if (version !== VERSION) throw new Error('it does not speak SOCKS5');
  if (code !== 0) throw new Error(REFUSALS[code] ?? `it answered with code ${code}`);
  const address = type === IPV4 ? 4 : type === IPV6 ? 16 : 1 + nameLength;
  const used = 4 + address + 2;
  return bytes.length < used ? { kind: 'wait' } : { kind: 'open', used };
}
