/** What has another value in one build than in the other; absent where it has none. */
export interface Change {
  readonly name: string;
  readonly before?: string;
  readonly after?: string;
}

type Texts = ReadonlyMap<string, string>;

/** By name. */
export function changesOf(before: Texts, after: Texts): Change[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => change(name, before.get(name), after.get(name)));
}

/** One change, or none. */
export function change(name: string, before: string | undefined, after: string | undefined): Change[] {
  if (before === after) return [];
  return [{ name, ...(before !== undefined && { before }), ...(after !== undefined && { after }) }];
}
