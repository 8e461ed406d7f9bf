/** Steps that a look-up may walk before the list is flattened into a map. */
const walkLimit = 24;

/**
 * Environment variables in order of their last assignment. Immutable: adding gives a new list that shares the old one, so a
 * thousand ENV lines do not copy a thousand lists.
 */
export class EnvList {
  static readonly empty: EnvList = new EnvList(undefined, '', undefined);

  readonly #parent: EnvList | undefined;
  readonly #key: string;
  /** Undefined: the variable is removed here. */
  readonly #value: string | undefined;
  #flat: Map<string, string> | undefined;

  private constructor(parent: EnvList | undefined, key: string, value: string | undefined) {
    this.#parent = parent;
    this.#key = key;
    this.#value = value;
    if (parent === undefined) this.#flat = new Map();
  }

  set(key: string, value: string): EnvList {
    return new EnvList(this, key, value);
  }

  delete(key: string): EnvList {
    return new EnvList(this, key, undefined);
  }

  get(key: string): string | undefined {
    if (this.#flat !== undefined) return this.#flat.get(key);
    if (this.#key === key) return this.#value;
    let node = this.#parent;
    for (let steps = 0; node !== undefined; node = node.#parent) {
      if (node.#flat !== undefined) return node.#flat.get(key);
      if (node.#key === key) return node.#value;
      if (++steps > walkLimit) break;
    }
    return this.#flatten().get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  keys(): readonly string[] {
    return [...this.#flatten().keys()];
  }

  entries(): Iterable<readonly [string, string]> {
    return this.#flatten().entries();
  }

  /** `KEY=value` lines. */
  toArray(): string[] {
    const out: string[] = [];
    for (const [key, value] of this.#flatten()) out.push(`${key}=${value}`);
    return out;
  }

  #flatten(): ReadonlyMap<string, string> {
    if (this.#flat !== undefined) return this.#flat;
    const pending: EnvList[] = [this];
    let base = this.#parent;
    while (base !== undefined && base.#flat === undefined) {
      pending.push(base);
      base = base.#parent;
    }
    const flat = new Map(base === undefined ? [] : base.#flat);
    for (const node of pending.reverse()) {
      flat.delete(node.#key);
      if (node.#value !== undefined) flat.set(node.#key, node.#value);
    }
    this.#flat = flat;
    return flat;
  }
}
