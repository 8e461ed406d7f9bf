// Matches golang.org/x/net/http/httpproxy: which proxy a request takes, as the environment says.
import { BlockList, isIP, isIPv6 } from 'node:net';

export type Env = Readonly<Record<string, string | undefined>>;

/** The proxy for a request to `target`; undefined when it goes out directly. */
export function proxyFor(target: URL, env: Env): URL | undefined {
  const isSecure = target.protocol === 'https:';
  const setting = isSecure ? fromEnv(env, 'HTTPS_PROXY') : fromEnv(env, 'HTTP_PROXY');
  if (setting === '' || isExempt(target, fromEnv(env, 'NO_PROXY'))) return undefined;
  return parseProxy(setting);
}

function fromEnv(env: Env, name: string): string {
  return env[name] || env[name.toLowerCase()] || '';
}

function parseProxy(setting: string): URL | undefined {
  const hasScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(setting);
  return URL.parse(hasScheme ? setting : `http://${setting}`) ?? undefined;
}

function isExempt(target: URL, noProxy: string): boolean {
  const host = target.hostname
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase();
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  if (host === 'localhost' || isLoopback(host)) return true;
  return noProxy.split(',').some((entry) => matches(entry.trim().toLowerCase(), host, port));
}

function isLoopback(host: string): boolean {
  return (isIP(host) !== 0 && inSubnet(host, '127.0.0.0', 8)) || host === '::1';
}

/** `*`, an address, a subnet, a domain with its subdomains, `.domain` for the subdomains only; all with `:port`. */
function matches(entry: string, host: string, port: string): boolean {
  if (entry === '') return false;
  if (entry === '*') return true;
  const subnet = /^(.+)\/(\d{1,3})$/.exec(entry);
  if (subnet !== null) return isIP(host) !== 0 && inSubnet(host, subnet[1] ?? '', Number(subnet[2]));
  const [name, onlyPort] = splitPort(entry);
  if (name === '' || (onlyPort !== '' && onlyPort !== port)) return false;
  if (isIP(name) !== 0) return isIP(host) !== 0 && inSubnet(host, name, isIPv6(name) ? 128 : 32);
  const domain = name.startsWith('*.') ? name.slice(1) : name;
  if (domain.startsWith('.')) return host.endsWith(domain);
  return host === domain || host.endsWith(`.${domain}`);
}

function splitPort(entry: string): [name: string, port: string] {
  const bracketed = /^\[([^\]]*)\](?::(\d+))?$/.exec(entry);
  if (bracketed !== null) return [bracketed[1] ?? '', bracketed[2] ?? ''];
  if (isIPv6(entry)) return [entry, ''];
  const colon = entry.lastIndexOf(':');
  return colon < 0 ? [entry, ''] : [entry.slice(0, colon), entry.slice(colon + 1)];
}

function inSubnet(host: string, network: string, prefix: number): boolean {
  const family = isIPv6(network) ? 'ipv6' : 'ipv4';
  if (isIP(network) === 0 || prefix > (family === 'ipv6' ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(network, prefix, family);
  return list.check(host, isIPv6(host) ? 'ipv6' : 'ipv4');
}
