// Matches frontend/dockerfile/instructions/bflag.go: same order of checks, same error texts.
import { didYouMean } from '../../base/suggest.ts';
import { toLower } from '../../base/go-unicode.ts';
import { failure } from './failure.ts';

/** The flags of one kind of instruction by what they take: true/false, one value, any number of values. */
export type FlagTable = Readonly<Record<string, 'bool' | 'string' | 'strings'>>;

/** The flags that were given. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** Names of the flags given, sorted. */
  get used(): string[] {
    return [...this.#values.keys()].sort();
  }

  string(name: string, ifAbsent = ''): string {
    return this.#values.get(name)?.[0] ?? ifAbsent;
  }

  strings(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** Undefined when not given. */
  bool(name: string): boolean | undefined {
    const value = this.#values.get(name)?.[0];
    return value === undefined ? undefined : value === 'true';
  }
}

const noFlags = new Flags(new Map());

/** Reads the flag words of a node against the table; a lone `--` ends them. */
export function parseFlags(words: readonly string[], table: FlagTable): Flags {
  if (words.length === 0) return noFlags;
  const values = new Map<string, string[]>();
  for (const word of words) {
    if (word === '--') break;
    parseFlag(word, table, values);
  }
  return new Flags(values);
}

/** For instructions without flags: throws when there is one. */
export function rejectFlags(words: readonly string[]): void {
  parseFlags(words, {});
}

function parseFlag(word: string, table: FlagTable, values: Map<string, string[]>): void {
  if (!word.startsWith('--')) throw failure(`arg should start with -- : ${word}`);
  const eq = word.indexOf('=');
  const flag = eq < 0 ? word : word.slice(0, eq);
  const text = eq < 0 ? undefined : word.slice(eq + 1);
  const name = flag.slice(2);
  const takes = Object.hasOwn(table, name) ? table[name] : undefined;
  if (takes === undefined) {
    throw failure(
      `unknown flag: ${flag}${didYouMean(name, Object.keys(table), { caseSensitive: true, unordered: true })}`,
    );
  }
  const given = values.get(name);
  if (given !== undefined && takes !== 'strings') throw failure(`duplicate flag specified: ${flag}`);
  const value = takes === 'bool' ? boolValue(flag, text) : givenValue(flag, text);
  if (given === undefined) values.set(name, [value]);
  else given.push(value);
}

function boolValue(flag: string, text: string | undefined): string {
  if (text === undefined) return 'true';
  const value = toLower(givenValue(flag, text === '' ? undefined : text));
  if (value === 'true' || value === 'false') return value;
  throw failure(`expecting boolean value for flag ${flag}, not: ${text}`);
}

function givenValue(flag: string, text: string | undefined): string {
  if (text === undefined) throw failure(`missing a value on flag: ${flag}`);
  return text;
}
