/** Where word expansion looks variables up. */
export interface EnvGetter {
  get(name: string): string | undefined;
  /** All names, for suggestions. */
  keys(): readonly string[];
}

/** No variable is set. */
export const emptyEnv: EnvGetter = { get: () => undefined, keys: () => [] };

/** An environment from `NAME=value` strings; the last one of a name wins. */
export function envFromList(list: readonly string[]): EnvGetter {
  const values = new Map<string, string>();
  const names: string[] = [];
  for (const entry of list) {
    const eq = entry.indexOf('=');
    const name = eq < 0 ? entry : entry.slice(0, eq);
    names.push(name);
    values.set(name, eq < 0 ? '' : entry.slice(eq + 1));
  }
  return { get: (name) => values.get(name), keys: () => names };
}
