/** What a registry asks for before it answers: the `WWW-Authenticate` header. */
export interface Challenge {
  /** In lower case: `bearer`, `basic`. */
  readonly scheme: string;
  /** By name in lower case: `realm`, `service`, `scope`. */
  readonly parameters: Readonly<Record<string, string>>;
}

const parameter = /([a-z0-9_-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/gi;

/** Reads the first challenge of a header; undefined when there is none. */
export function parseChallenge(header: string): Challenge | undefined {
  const match = /^\s*([A-Za-z][A-Za-z0-9-]*)(?:\s+(.*))?$/s.exec(header);
  if (match === null) return undefined;
  const [, scheme = '', rest = ''] = match;
  const found = [...rest.matchAll(parameter)].map(([, name = '', quoted, plain]): [string, string] => [
    name.toLowerCase(),
    quoted?.replace(/\\(.)/g, '$1') ?? plain ?? '',
  ]);
  return { scheme: scheme.toLowerCase(), parameters: Object.fromEntries(found) };
}
