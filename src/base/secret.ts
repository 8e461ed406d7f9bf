/** A text that must not be seen: joining or serialising it gives `***`, and inspecting it shows nothing. */
export class Secret {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  get isEmpty(): boolean {
    return this.#text === '';
  }

  /** The text itself, for the peer that it is meant for. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return this.isEmpty ? '' : '***';
  }

  toJSON(): string {
    return this.toString();
  }
}
