// URLs as Go's net/url reads and writes them: what it keeps, decodes and encodes decides about digests.
import { TsbuildxError } from './errors.ts';
import { encodeBytes } from './go-bytes.ts';
import { goQuote } from './go-quote.ts';

/** A parsed URL; `path` and `fragment` are decoded. */
export interface GoUrl {
  readonly scheme: string;
  /** `user[:password]` as written, with an `@` after it, or empty. */
  readonly userinfo: string;
  readonly host: string;
  readonly path: string;
  /** The path as written. */
  readonly rawPath: string;
  readonly rawQuery: string;
  readonly fragment: string;
}

/** Parses an absolute or relative URL; throws with Go's text, code INVALID_ARGUMENT. */
export function parseGoUrl(text: string): GoUrl {
  const fail = (why: string): TsbuildxError => new TsbuildxError('INVALID_ARGUMENT', `parse ${goQuote(text)}: ${why}`);
  const hash = text.indexOf('#');
  let rest = hash < 0 ? text : text.slice(0, hash);
  const rawFragment = hash < 0 ? '' : text.slice(hash + 1);
  if (/\p{Cc}/u.test(rest)) throw fail('net/url: invalid control character in URL');
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(rest)?.[1];
  if (scheme !== undefined) rest = rest.slice(scheme.length + 1);
  else if (rest.startsWith(':')) throw fail('missing protocol scheme');
  const question = rest.indexOf('?');
  const rawQuery = question < 0 ? '' : rest.slice(question + 1);
  if (question >= 0) rest = rest.slice(0, question);
  if (scheme === undefined && !rest.startsWith('/') && (rest.split('/')[0] ?? '').includes(':')) {
    throw fail('first path segment in URL cannot contain colon');
  }
  let userinfo = '';
  let host = '';
  if (rest.startsWith('//') && (scheme !== undefined || !rest.startsWith('///'))) {
    const slash = rest.indexOf('/', 2);
    const authority = rest.slice(2, slash < 0 ? rest.length : slash);
    rest = slash < 0 ? '' : rest.slice(slash);
    const at = authority.lastIndexOf('@');
    userinfo = at < 0 ? '' : authority.slice(0, at + 1);
    host = authority.slice(at + 1);
    if (at >= 0 && !/^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/.test(authority.slice(0, at))) {
      throw fail('net/url: invalid userinfo');
    }
    const problem = hostProblem(host);
    if (problem !== '') throw fail(problem);
  }
  const unescape = (value: string): string => {
    const bad = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(value);
    if (bad !== null) throw fail(`invalid URL escape ${goQuote(bad[0])}`);
    return decodeBytes(value);
  };
  return {
    scheme: scheme?.toLowerCase() ?? '',
    userinfo,
    host,
    path: unescape(rest),
    rawPath: rest,
    rawQuery,
    fragment: unescape(rawFragment),
  };
}

/** Writes scheme, user, host and path, without query and fragment. */
export function formatGoUrl(url: GoUrl): string {
  const prefix = url.scheme === '' ? '' : `${url.scheme}:`;
  const hasAuthority = url.scheme !== '' || url.host !== '' || url.userinfo !== '';
  const authority =
    hasAuthority && (url.host !== '' || url.path !== '' || url.userinfo !== '') ? `//${url.userinfo}${url.host}` : '';
  const path = isValidPath(url.rawPath) ? url.rawPath : encodePath(url.path);
  const slash = path !== '' && !path.startsWith('/') && url.host !== '' ? '/' : '';
  return `${prefix}${authority}${slash}${path}`;
}

/** The values of a query by name; throws with Go's text, code INVALID_ARGUMENT. */
export function parseGoQuery(query: string): Map<string, string[]> {
  const out = new Map<string, string[]>();
  for (const pair of query.split('&')) {
    if (pair === '') continue;
    if (pair.includes(';')) throw new TsbuildxError('INVALID_ARGUMENT', 'invalid semicolon separator in query');
    const eq = pair.indexOf('=');
    const decode = (value: string): string => {
      const bad = /%(?![0-9a-fA-F]{2}).{0,2}/.exec(value);
      if (bad !== null) throw new TsbuildxError('INVALID_ARGUMENT', `invalid URL escape ${goQuote(bad[0])}`);
      return decodeBytes(value.replaceAll('+', ' '));
    };
    const key = decode(eq < 0 ? pair : pair.slice(0, eq));
    const values = out.get(key) ?? [];
    values.push(decode(eq < 0 ? '' : pair.slice(eq + 1)));
    out.set(key, values);
  }
  return out;
}

function hostProblem(host: string): string {
  const port = host.startsWith('[') ? host.slice(host.lastIndexOf(']') + 1) : /:.*$/.exec(host)?.[0];
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host";
  const last = host.startsWith('[') ? port : /:[^:]*$/.exec(host)?.[0];
  if (last !== undefined && last !== '' && !/^:\d*$/.test(last)) return `invalid port ${goQuote(last)} after host`;
  const bad = /[\s"<>\\^`{|}]/.exec(host);
  return bad === null ? '' : `invalid character ${goQuote(bad[0])} in host name`;
}

function decodeBytes(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString());
}

function isValidPath(raw: string): boolean {
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:@/[\]%]*$/.test(raw);
}

function encodePath(path: string): string {
  return path.replace(/[^A-Za-z0-9\-._~$&+,/:;=@]/gu, (char) =>
    [...Buffer.from(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
}

/** Go's url.QueryEscape: everything but letters, digits, `-`, `_`, `.` and `~` as `%XX`, a space as `+`. */
export function escapeGoQuery(text: string): string {
  let out = '';
  for (const byte of encodeBytes(text)) {
    const char = String.fromCharCode(byte);
    if (/[A-Za-z0-9\-_.~]/.test(char)) out += char;
    else out += char === ' ' ? '+' : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}
