import { isSpace } from '../../base/go-unicode.ts';

/** Collects the words of one level of expansion; all levels share the word that is under way. */
export class WordBuilder {
  readonly #shared: { word: string };
  readonly #words: string[] = [];
  #inWord = false;

  constructor(shared: { word: string } = { word: '' }) {
    this.#shared = shared;
  }

  /** A builder for a deeper level, which starts by dropping the word under way. */
  nested(): WordBuilder {
    this.#shared.word = '';
    return new WordBuilder(this.#shared);
  }

  /** Adds text that white space splits. */
  addText(text: string): void {
    let start = 0;
    for (let at = 0; at < text.length; at++) {
      if (!isSpace(text.charCodeAt(at))) continue;
      if (at > start) this.addRaw(text.slice(start, at));
      if (this.#inWord) this.#flush();
      start = at + 1;
    }
    if (start < text.length) this.addRaw(start === 0 ? text : text.slice(start));
  }

  /** Adds text as it is. */
  addRaw(text: string): void {
    this.#shared.word += text;
    this.#inWord = true;
  }

  finish(): string[] {
    this.#flush();
    return this.#words;
  }

  #flush(): void {
    if (this.#shared.word === '') return;
    this.#words.push(this.#shared.word);
    this.#shared.word = '';
    this.#inWord = false;
  }
}
