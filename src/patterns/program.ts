import { assertNever } from '../base/errors.ts';
import { type CharSet, setHas } from './char-set.ts';

/** One piece of a path pattern. */
export type Element =
  | { readonly kind: 'char'; readonly code: number }
  | { readonly kind: 'set'; readonly set: CharSet }
  /** Any number of characters of the set. */
  | { readonly kind: 'repeat'; readonly set: CharSet }
  /** Nothing, or anything without a line break up to and with a slash. */
  | { readonly kind: 'directories' }
  | { readonly kind: 'assert'; readonly at: 'begin' | 'end' | 'word' | 'notWord' };

const SLASH = 0x2f;
const NEWLINE = 0x0a;

/** The second state of `directories`: inside of it. */
type State = Element | { readonly kind: 'within' } | { readonly kind: 'accept' };

/**
 * Runs a pattern over a path in time linear in the path: all states at once, none tried twice for one character.
 * Not reentrant; a run allocates nothing.
 */
export class Program {
  readonly #states: readonly State[];
  readonly #prefix: string;
  readonly #suffix: string;
  readonly #seen: Int32Array;
  #generation = 0;
  #current: Int32Array;
  #next: Int32Array;
  #size = 0;

  /** The elements must match the whole path. */
  constructor(elements: readonly Element[]) {
    this.#states = [
      ...elements.flatMap((element): State[] =>
        element.kind === 'directories' ? [element, { kind: 'within' }] : [element],
      ),
      { kind: 'accept' },
    ];
    this.#prefix = literalStart(elements);
    this.#suffix = literalEnd(elements);
    this.#seen = new Int32Array(this.#states.length);
    this.#current = new Int32Array(this.#states.length);
    this.#next = new Int32Array(this.#states.length);
  }

  matches(path: string): boolean {
    if (!path.startsWith(this.#prefix) || !path.endsWith(this.#suffix)) return false;
    this.#begin();
    this.#add(0, path, 0);
    this.#swap();
    for (let at = 0; at < path.length && this.#size > 0; ) {
      const code = path.codePointAt(at) ?? 0;
      at += code > 0xffff ? 2 : 1;
      this.#step(code, path, at);
    }
    return this.#size > 0 && this.#seen[this.#states.length - 1] === this.#generation;
  }

  #step(code: number, path: string, at: number): void {
    const count = this.#size;
    this.#begin();
    for (let i = 0; i < count; i++) {
      const index = this.#current[i] ?? 0;
      const state = this.#states[index];
      switch (state?.kind) {
        case 'char':
          if (state.code === code) this.#add(index + 1, path, at);
          break;
        case 'set':
          if (setHas(state.set, code)) this.#add(index + 1, path, at);
          break;
        case 'repeat':
          if (setHas(state.set, code)) this.#add(index, path, at);
          break;
        case 'within':
          if (code === SLASH) this.#add(index + 1, path, at);
          if (code !== NEWLINE) this.#add(index, path, at);
          break;
        default:
      }
    }
    this.#swap();
  }

  #begin(): void {
    this.#generation++;
    this.#size = 0;
  }

  #swap(): void {
    const current = this.#current;
    this.#current = this.#next;
    this.#next = current;
  }

  /** Adds a state and those that are reached from it without a character. */
  #add(index: number, path: string, at: number): void {
    let i = index;
    while (this.#seen[i] !== this.#generation) {
      this.#push(i);
      const state = this.#states[i];
      switch (state?.kind) {
        case 'directories':
          if (this.#seen[i + 1] !== this.#generation) this.#push(i + 1);
          i += 2;
          break;
        case 'assert':
          if (!holds(state.at, path, at)) return;
          i++;
          break;
        case 'repeat':
          i++;
          break;
        default:
          return;
      }
    }
  }

  #push(state: number): void {
    this.#seen[state] = this.#generation;
    this.#next[this.#size++] = state;
  }
}

/** The characters at the start of every match. */
function literalStart(elements: readonly Element[]): string {
  const from = elements.findIndex((element) => element.kind !== 'assert');
  const to = elements.findIndex((element, i) => i >= from && element.kind !== 'char');
  return textOf(elements.slice(Math.max(from, 0), to < 0 ? undefined : to));
}

/** The characters at the end of every match. */
function literalEnd(elements: readonly Element[]): string {
  const to = elements.findLastIndex((element) => element.kind !== 'assert') + 1;
  const before = elements.slice(0, to);
  return textOf(before.slice(before.findLastIndex((element) => element.kind !== 'char') + 1));
}

function textOf(elements: readonly Element[]): string {
  return elements.map((element) => (element.kind === 'char' ? String.fromCodePoint(element.code) : '')).join('');
}

function holds(what: 'begin' | 'end' | 'word' | 'notWord', path: string, at: number): boolean {
  switch (what) {
    case 'begin':
      return at === 0;
    case 'end':
      return at === path.length;
    case 'word':
      return isWord(path, at - 1) !== isWord(path, at);
    case 'notWord':
      return isWord(path, at - 1) === isWord(path, at);
    default:
      return assertNever(what);
  }
}

function isWord(path: string, at: number): boolean {
  return /\w/.test(path[at] ?? '');
}
