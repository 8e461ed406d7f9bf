// Matches compose-go types/hostList.go.
import { TsbuildxError } from '../../base/errors.ts';
import { listOf } from './read-values.ts';
import { type ComposeValue, goText, isMap } from './value.ts';

/** Addresses by host, with commas between them. Throws INVALID_ARGUMENT. */
export function readExtraHosts(value: ComposeValue | undefined): Map<string, string> {
  const hosts = new Map<string, string[]>();
  const add = (host: string, ips: readonly string[]): void => {
    if (host === '' || /[:=]/.test(host)) throw new TsbuildxError('INVALID_ARGUMENT', `bad host name '${host}'`);
    hosts.set(host, [...(hosts.get(host) ?? []), ...ips.map((ip) => ip.replace(/^\[(.+)\]$/s, '$1'))]);
  };
  if (isMap(value)) for (const [host, ips] of value) add(host, listOf(ips).map(goText));
  else {
    for (const text of listOf(value).map(goText)) {
      const at = text.includes('=') ? text.indexOf('=') : text.indexOf(':');
      if (at < 0) throw new TsbuildxError('INVALID_ARGUMENT', `invalid additional host, missing IP: ${text}`);
      add(text.slice(0, at), text.slice(at + 1).split(','));
    }
  }
  return new Map(Array.from(hosts, ([host, ips]) => [host, ips.join(',')]));
}
