/** The ARGs of a stage, in the order of their first mention. */
export class StageArgs {
  readonly #values = new Map<string, string | undefined>();
  readonly #lastGiven = new Map<string, string>();

  /** Undefined: it has no value. */
  declare(key: string, value: string | undefined): void {
    this.#values.set(key, value);
    if (value !== undefined) this.#lastGiven.set(key, value);
  }

  /** Takes over those of the base stage. */
  inherit(base: StageArgs): void {
    for (const [key, value] of base.#values) this.#values.set(key, value);
    for (const [key, value] of base.#lastGiven) this.#lastGiven.set(key, value);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** The last value that it was given, also when it was mentioned without one since then. */
  lastGiven(key: string): string | undefined {
    return this.#lastGiven.get(key);
  }

  entries(): Iterable<readonly [key: string, value: string | undefined]> {
    return this.#values;
  }
}
