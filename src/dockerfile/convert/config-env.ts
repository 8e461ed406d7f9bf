/** The environment in an image config: `NAME=value` entries, of which each keeps its place when it is set again. */
export class ConfigEnv {
  readonly #entries: string[];
  #places: Map<string, number> | undefined;

  constructor(entries: readonly string[]) {
    this.#entries = [...entries];
  }

  get entries(): readonly string[] {
    return this.#entries;
  }

  /** Names and values; without `=` a value is empty. */
  variables(): [name: string, value: string][] {
    return this.#entries.map(splitEnv);
  }

  has(name: string): boolean {
    return this.#index().has(name);
  }

  set(name: string, value: string): void {
    const places = this.#index();
    const place = places.get(name) ?? this.#entries.length;
    places.set(name, place);
    this.#entries[place] = `${name}=${value}`;
  }

  /** Where the first entry of each name is. */
  #index(): Map<string, number> {
    this.#places ??= new Map(this.#entries.map((entry, i): [string, number] => [splitEnv(entry)[0], i]).reverse());
    return this.#places;
  }
}

function splitEnv(entry: string): [string, string] {
  const eq = entry.indexOf('=');
  return eq < 0 ? [entry, ''] : [entry.slice(0, eq), entry.slice(eq + 1)];
}
