import { assertNever, TsbuildxError } from '../base/errors.ts';

/** Where a daemon is, parsed from `scheme://…`. */
export type Address =
  /** `path` starts with `@` for a socket of Linux's abstract namespace. */
  | { readonly kind: 'unix'; readonly path: string }
  /** `host` without brackets; `path` is a prefix of all request paths, or empty. */
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly path: string }
  | { readonly kind: 'npipe'; readonly path: string }
  | SshAddress
  | { readonly kind: 'docker-container'; readonly container: string; readonly context: string | undefined }
  | KubePodAddress;

export interface SshAddress {
  readonly kind: 'ssh';
  readonly user: string | undefined;
  readonly host: string;
  readonly port: string | undefined;
  /** Path of the daemon's socket on the other machine; empty for its default. */
  readonly path: string;
}

export interface KubePodAddress {
  readonly kind: 'kube-pod';
  readonly pod: string;
  readonly namespace: string | undefined;
  readonly container: string | undefined;
  readonly context: string | undefined;
}

export interface AddressDefaults {
  /** Taken when a tcp address names none; without it a port must be given. */
  readonly port?: number | undefined;
  /** Taken when a tcp address names no host. */
  readonly host?: string | undefined;
}

const KUBE_NAME = /^[-a-z0-9.]+$/;

/** Parses the address of a daemon. Throws INVALID_ARGUMENT. */
export function parseAddress(text: string, defaults: AddressDefaults = {}): Address {
  const match = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text);
  if (match === null) throw invalid(text, 'expected scheme://…, for example unix:///run/buildkit/buildkitd.sock');
  const rest = match[2] ?? '';
  const scheme = (match[1] ?? '').toLowerCase();
  switch (scheme) {
    case 'unix':
      if (rest === '') throw invalid(text, 'the path of the socket is missing');
      return { kind: 'unix', path: rest };
    case 'npipe':
      if (rest === '') throw invalid(text, 'the name of the pipe is missing');
      return { kind: 'npipe', path: rest };
    case 'tcp':
      return parseTcp(text, rest, defaults);
    case 'ssh':
      return parseSsh(text, rest);
    case 'docker-container': {
      const { name, query } = splitQuery(text, rest);
      if (name === '') throw invalid(text, 'the name of the container is missing');
      return { kind: 'docker-container', container: name, context: query.get('context') || undefined };
    }
    case 'kube-pod':
      return parseKubePod(text, rest);
    default:
      throw invalid(
        text,
        `unknown scheme ${JSON.stringify(scheme)}: use unix, tcp, ssh, npipe, docker-container or kube-pod`,
      );
  }
}

/** Writes an address as people do; the inverse of parseAddress. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'unix':
    case 'npipe':
      return `${address.kind}://${address.path}`;
    case 'tcp':
      return `tcp://${joinHostPort(address.host, address.port)}${address.path}`;
    case 'ssh': {
      const user = address.user === undefined ? '' : `${address.user}@`;
      return `ssh://${user}${bracketed(address.host)}${address.port === undefined ? '' : `:${address.port}`}${address.path}`;
    }
    case 'docker-container':
      return `docker-container://${address.container}${formatQuery({ context: address.context })}`;
    case 'kube-pod': {
      const { context, namespace, container } = address;
      return `kube-pod://${address.pod}${formatQuery({ context, namespace, container })}`;
    }
    default:
      return assertNever(address);
  }
}

/** `host:port` with brackets around IPv6. */
export function joinHostPort(host: string, port: number): string {
  return `${bracketed(host)}:${port}`;
}

/** An IPv6 address in brackets, the mark of its zone escaped; any other host as it is. */
function bracketed(host: string): string {
  return host.includes(':') ? `[${host.replace('%', '%25')}]` : host;
}

function parseTcp(text: string, rest: string, defaults: AddressDefaults): Address {
  const { authority, path } = splitPath(rest);
  if (authority.includes('@')) throw invalid(text, 'a user name is not supported');
  const { host, port } = splitHostPort(text, authority);
  const name = host === '' ? defaults.host : host;
  if (name === undefined) throw invalid(text, 'the host is missing');
  const number = port === undefined || port === '' ? defaults.port : parsePort(text, port);
  if (number === undefined) throw invalid(text, 'the port is missing');
  return { kind: 'tcp', host: name, port: number, path: path === '/' ? '' : path };
}

function parseSsh(text: string, rest: string): SshAddress {
  if (rest.includes('?')) throw invalid(text, 'query parameters are not allowed');
  if (rest.includes('#')) throw invalid(text, 'fragments are not allowed');
  const { authority, path } = splitPath(rest);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? undefined : decode(text, authority.slice(0, at));
  if (user?.includes(':')) throw invalid(text, 'a password is not supported');
  const { host, port } = splitHostPort(text, authority.slice(at + 1));
  if (host === '') throw invalid(text, 'the host is missing');
  // ssh would take a name that starts with a dash as an option.
  if (host.startsWith('-') || user?.startsWith('-')) throw invalid(text, 'host and user must not start with a dash');
  if (port !== undefined && port !== '') parsePort(text, port);
  return {
    kind: 'ssh',
    user: user === '' ? undefined : user,
    host,
    port: port === '' ? undefined : port,
    path: path === '/' ? '' : decode(text, path),
  };
}

function parseKubePod(text: string, rest: string): KubePodAddress {
  const { name, query } = splitQuery(text, rest);
  if (name === '') throw invalid(text, 'the name of the pod is missing');
  const namespace = query.get('namespace') || undefined;
  const container = query.get('container') || undefined;
  for (const [what, value] of Object.entries({ pod: name, namespace, container })) {
    if (value !== undefined && !KUBE_NAME.test(value))
      throw invalid(text, `unsupported ${what} name ${JSON.stringify(value)}`);
  }
  return { kind: 'kube-pod', pod: name, namespace, container, context: query.get('context') || undefined };
}

function splitPath(rest: string): { authority: string; path: string } {
  const slash = rest.indexOf('/');
  return slash < 0 ? { authority: rest, path: '' } : { authority: rest.slice(0, slash), path: rest.slice(slash) };
}

function splitQuery(text: string, rest: string): { name: string; query: URLSearchParams } {
  const mark = rest.indexOf('?');
  const name = mark < 0 ? rest : rest.slice(0, mark);
  if (name.includes('/')) throw invalid(text, 'a path is not allowed');
  return { name: decode(text, name), query: new URLSearchParams(mark < 0 ? '' : rest.slice(mark + 1)) };
}

function splitHostPort(text: string, authority: string): { host: string; port: string | undefined } {
  const inBrackets = /^\[([^[\]]*)\](?::(.*))?$/s.exec(authority);
  if (inBrackets !== null) {
    const host = decode(text, inBrackets[1] ?? '');
    if (!host.includes(':')) throw invalid(text, 'only an IPv6 address may be in brackets');
    return { host, port: inBrackets[2] };
  }
  const colon = authority.lastIndexOf(':');
  if (colon < 0) return { host: authority, port: undefined };
  const host = authority.slice(0, colon);
  if (host.includes(':')) throw invalid(text, 'an IPv6 address must be in brackets');
  if (/[[\]]/.test(host)) throw invalid(text, 'brackets do not match');
  return { host, port: authority.slice(colon + 1) };
}

function parsePort(text: string, port: string): number {
  const number = /^\d{1,5}$/.test(port) ? Number(port) : 0;
  if (number < 1 || number > 65_535) throw invalid(text, `invalid port ${JSON.stringify(port)}`);
  return number;
}

function decode(text: string, part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (cause) {
    throw invalid(text, `invalid escape in ${JSON.stringify(part)}`, cause);
  }
}

function formatQuery(values: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

function invalid(text: string, why: string, cause?: unknown): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `invalid address ${JSON.stringify(text)}: ${why}`, { cause });
}
