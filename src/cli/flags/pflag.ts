// Matches spf13/pflag flag.go: which words are flags, which are their values, and the error texts.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { csvFields } from '../../base/csv-fields.ts';
import { type FlagDefinition, type FlagTable, isRepeatable } from './definition.ts';

/** A command line, sorted into flags and arguments. */
export interface SortedWords {
  /** Each flag as `--name=value`: repeatable ones once a value, the others at most once; bools as `true` or `false`. */
  readonly flags: readonly string[];
  readonly args: readonly string[];
  readonly help: boolean;
}

/**
 * Brings a command line into the one form that every parser reads alike.
 * @param interspersed whether flags may follow arguments; when not, the first argument ends the flags.
 * Throws USAGE with pflag's text.
 */
export function sortWords(words: readonly string[], table: FlagTable, interspersed: boolean): SortedWords {
  const sorter = new WordSorter(words, table);
  sorter.run(interspersed);
  return sorter.result();
}

const helpFlag: FlagDefinition = { kind: 'bool', short: 'h', usage: 'Print usage' };

class WordSorter {
  readonly #rest: string[];
  readonly #long: ReadonlyMap<string, FlagDefinition>;
  readonly #short: ReadonlyMap<string, string>;
  readonly #args: string[] = [];
  readonly #values = new Map<string, string[]>();

  constructor(words: readonly string[], table: FlagTable) {
    this.#rest = [...words];
    this.#long = new Map([['help', helpFlag], ...Object.entries(table)]);
    this.#short = new Map([...this.#long].map(([name, { short }]) => [short ?? '', name]));
  }

  run(interspersed: boolean): void {
    for (let word = this.#rest.shift(); word !== undefined; word = this.#rest.shift()) {
      if (word === '--') {
        this.#args.push(...this.#rest.splice(0));
      } else if (word.startsWith('--')) {
        this.#readLong(word);
      } else if (word.startsWith('-') && word !== '-') {
        this.#readShorts(word.slice(1));
      } else {
        this.#args.push(word);
        if (!interspersed) this.#args.push(...this.#rest.splice(0));
      }
    }
  }

  result(): SortedWords {
    const entries = [...this.#values].filter(([name]) => name !== 'help');
    return {
      flags: entries.flatMap(([name, values]) => values.map((value) => `--${name}=${value}`)),
      args: this.#args,
      help: this.#values.get('help')?.[0] === 'true',
    };
  }

  #readLong(word: string): void {
    const text = word.slice(2);
    if (text.startsWith('-') || text.startsWith('=')) throw usage(`bad flag syntax: ${word}`);
    const at = text.indexOf('=');
    const name = at < 0 ? text : text.slice(0, at);
    const definition = this.#long.get(name);
    if (definition === undefined) throw usage(`unknown flag: --${name}`);
    if (at >= 0) this.#set(name, definition, text.slice(at + 1));
    else if (definition.kind === 'bool') this.#set(name, definition, 'true');
    else this.#set(name, definition, this.#next(`--${name}`));
  }

  /** A group of letters: bools may be followed by more, any other flag takes the rest as its value. */
  #readShorts(group: string): void {
    for (let rest = group; rest !== ''; ) {
      const letter = rest.charAt(0);
      const name = this.#short.get(letter);
      const definition = name === undefined ? undefined : this.#long.get(name);
      if (name === undefined || definition === undefined)
        throw usage(`unknown shorthand flag: '${letter}' in -${rest}`);
      if (rest.length > 2 && rest[1] === '=') {
        this.#set(name, definition, rest.slice(2));
        return;
      }
      if (definition.kind !== 'bool') {
        this.#set(name, definition, rest.length > 1 ? rest.slice(1) : this.#next(`'${letter}' in -${rest}`));
        return;
      }
      this.#set(name, definition, 'true');
      rest = rest.slice(1);
    }
  }

  #next(shown: string): string {
    const value = this.#rest.shift();
    if (value === undefined) throw usage(`flag needs an argument: ${shown}`);
    return value;
  }

  #set(name: string, definition: FlagDefinition, text: string): void {
    const read = readValue(name, definition, text);
    const before = isRepeatable(definition) ? (this.#values.get(name) ?? []) : [];
    this.#values.set(name, [...before, ...read]);
  }
}

function readValue(name: string, definition: FlagDefinition, text: string): readonly string[] {
  const invalid = (why: string): TsbuildxError => {
    const shown = definition.short === undefined ? `--${name}` : `-${definition.short}, --${name}`;
    return usage(`invalid argument ${goQuote(text)} for ${goQuote(shown)} flag: ${why}`);
  };
  if (definition.kind === 'bool') {
    const value = parseGoBool(text);
    if (value === undefined) throw invalid(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`);
    return [String(value)];
  }
  try {
    definition.check?.(text);
    if (definition.kind !== 'list') return [text];
    return text === '' ? [] : csvFields(text);
  } catch (error) {
    throw invalid(messageOf(error));
  }
}

function usage(message: string): TsbuildxError {
  return new TsbuildxError('USAGE', message);
}
