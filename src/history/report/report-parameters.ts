import { publicAttributes } from '../public-attributes.ts';
import type { ReportParameters } from './report-model.ts';

type Entries = ReportParameters['entries'];

/** Prefixes of attributes, and the heading of what they have. */
const groups: readonly (readonly [prefix: string, title: string])[] = [
  ['build-arg:', 'Build arguments'],
  ['label:', 'Labels'],
  ['context:', 'Named contexts'],
  ['vcs:', 'Version control'],
  ['attest:', 'Attestations'],
];

/** What clients and frontends tell each other. */
const internal = /^(?:frontend\.caps$|local-sessionid:|input-metadata:)/;

/** What a build was asked for, under headings. Keys of caches, and names and passwords inside addresses, are left out. */
export function reportParameters(
  attributes: Readonly<Record<string, string>>,
  exporters: readonly { readonly type: string; readonly attrs: Readonly<Record<string, string>> }[],
): ReportParameters[] {
  const rest = new Map(Object.entries(publicAttributes(attributes)).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  for (const name of rest.keys()) if (internal.test(name)) rest.delete(name);
  const take = (prefix: string): Entries => {
    const taken = [...rest].filter(([name]) => name.startsWith(prefix));
    for (const [name] of taken) rest.delete(name);
    return taken.map(([name, value]) => ({ name: name.slice(prefix.length), value: shown(value) }));
  };
  const grouped = groups.map(([prefix, title]) => ({ title, entries: take(prefix) }));
  const outputs = exporters.map(({ type, attrs }) => ({
    title: `Output: ${type}`,
    entries: Object.entries(attrs).map(([name, value]) => ({ name, value: shown(value) })),
  }));
  return [{ title: 'Build', entries: take('') }, ...grouped, ...outputs].filter(({ entries }) => entries.length > 0);
}

function shown(value: string): string {
  return value === '' ? '(empty)' : withoutCredentials(value);
}

/** A text without what stands before the `@` of addresses in it. */
export function withoutCredentials(text: string): string {
  return text.replace(/\b([a-z][a-z0-9+.-]*:\/\/)([^\s/?#'"]+)@/gi, (address, scheme: string, user: string) =>
    scheme.toLowerCase() === 'ssh://' && !user.includes(':') ? address : `${scheme}***@`,
  );
}
