// Matches github.com/docker/go-connections nat.ParsePortSpec: the short form of ports.
import { TsbuildxError } from '../../base/errors.ts';
import { isIpAddress } from '../../base/ip-address.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import type { ComposeMap, ComposeValue } from './value.ts';

/** `[[IP:]HOST:]CONTAINER[/PROTOCOL]`, each part of it maybe a range, as one long form a port. Throws INVALID_ARGUMENT. */
export function parsePorts(spec: string): ComposeMap[] {
  const { ip, host, container } = splitSpec(spec);
  const [port, proto] = cutAt(container, '/');
  if (port === '') throw invalid(`no port specified: ${spec}<empty>`);
  const protocol = (proto || 'tcp').toLowerCase();
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'sctp') throw invalid(`invalid proto: ${protocol}`);
  const address = plainAddress(ip);
  const range = readRange(port, `invalid containerPort: ${port}`);
  const published = host === '' ? undefined : readRange(host, `invalid hostPort: ${host}`);
  const count = range.end - range.start + 1;
  if (published !== undefined && published.end - published.start + 1 !== count && count !== 1) {
    throw invalid(`invalid ranges specified for container and host Ports: ${port} and ${host}`);
  }
  const ports = Array.from({ length: count }, (_, at): [string, ComposeMap] => {
    const target = range.start + at;
    const entry = new Map<string, ComposeValue>([['mode', 'ingress']]);
    if (address !== '') entry.set('host_ip', address);
    entry.set('target', BigInt(target));
    if (published !== undefined) entry.set('published', publishedText(published, at, count));
    entry.set('protocol', protocol);
    return [`${target}/${protocol}`, entry];
  });
  return ports.sort(([a], [b]) => compareUtf8(a, b)).map(([, entry]) => entry);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function publishedText({ start, end }: Range, at: number, count: number): string {
  return count === 1 && start !== end ? `${start}-${end}` : String(start + at);
}

function splitSpec(spec: string): { readonly ip: string; readonly host: string; readonly container: string } {
  const parts = spec.split(':');
  return { ip: parts.slice(0, -2).join(':'), host: parts.at(-2) ?? '', container: parts.at(-1) ?? '' };
}

function plainAddress(ip: string): string {
  const address = ip.startsWith('[') && ip.endsWith(']') ? ip.slice(1, -1) : ip;
  if (address !== '' && !isIpAddress(address)) throw invalid(`invalid IP address: ${address}`);
  return address;
}

function readRange(text: string, message: string): Range {
  const [first, last] = cutAt(text, '-');
  const start = readPort(first);
  const end = last === undefined ? start : readPort(last);
  if (start === undefined || end === undefined || end < start) throw invalid(message);
  return { start, end };
}

function readPort(text: string): number | undefined {
  const port = /^[+-]?[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  return port >= 0 && port <= 65535 ? port : undefined;
}

function cutAt(text: string, separator: string): [string, string?] {
  const at = text.indexOf(separator);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
