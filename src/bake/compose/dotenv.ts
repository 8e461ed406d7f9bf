// Matches compose-go dotenv/parser.go: env files.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { FileReader } from './setting.ts';
import { type Lookup, substitute, type SubstituteOptions } from './template.ts';

const space = /[\t\v\f\r \u0085\u00a0]/;
const leadingSpace = /^[\t\v\f\r \u0085\u00a0]+/;

/**
 * Reads `KEY=value` lines into `into`; a key alone takes its value from `lookup`, which is also asked for the variables in
 * values before those read here. Throws INVALID_ARGUMENT.
 */
export function parseEnvFile(text: string, into: Map<string, string>, options: SubstituteOptions): void {
  const values: SubstituteOptions = { ...options, lookup: (name) => options.lookup(name) ?? into.get(name) };
  new EnvFileParser(text.replace(/^\ufeff/, ''), values, options.lookup).parse(into);
}

/** As `parseEnvFile`, from a file, which errors name. Errors: INVALID_ARGUMENT, and those of `files`. */
export function loadEnvFile(
  path: string,
  into: Map<string, string>,
  { files, ...options }: SubstituteOptions & { readonly files: FileReader },
): void {
  const text = new TextDecoder().decode(files.read(path));
  try {
    parseEnvFile(text, into, options);
  } catch (error) {
    if (!(error instanceof TsbuildxError)) throw error;
    throw new TsbuildxError(error.code, `failed to read ${path}: ${error.message}`, { cause: error });
  }
}

class EnvFileParser {
  #rest: string;
  #line = 1;
  readonly #values: SubstituteOptions;
  readonly #inherit: Lookup;

  constructor(text: string, values: SubstituteOptions, inherit: Lookup) {
    this.#rest = text;
    this.#values = values;
    this.#inherit = inherit;
  }

  parse(into: Map<string, string>): void {
    while (this.#atStatement()) {
      const { key, isAlone } = this.#key();
      if (key.includes(' ')) throw this.#failure('key cannot contain a space');
      if (!isAlone) {
        into.set(key, this.#value());
        continue;
      }
      const inherited = this.#inherit(key);
      if (inherited !== undefined) into.set(key, inherited);
    }
  }

  /** Skips blank lines and comments. */
  #atStatement(): boolean {
    for (;;) {
      const at = this.#rest.search(/\S/);
      if (at < 0) return false;
      this.#line += this.#rest.slice(0, at).split('\n').length - 1;
      this.#rest = this.#rest.slice(at);
      if (!this.#rest.startsWith('#')) return true;
      const end = this.#rest.indexOf('\n');
      if (end < 0) return false;
      this.#rest = this.#rest.slice(end);
    }
  }

  #key(): { readonly key: string; readonly isAlone: boolean } {
    if (/^export\s+/.test(this.#rest)) this.#rest = this.#rest.slice('export'.length).replace(leadingSpace, '');
    let at = 0;
    for (const char of this.#rest) {
      if (char === '=' || char === ':' || char === '\n') break;
      if (!space.test(char) && !/[_.\-[\]\p{L}\p{N}]/u.test(char)) {
        const line = this.#rest.split('\n')[0] ?? '';
        throw this.#failure(`unexpected character ${goQuote(char)} in variable name ${goQuote(line)}`);
      }
      at += char.length;
    }
    const end = this.#rest[at];
    // a name that nothing ends, at the end of the file, is not read
    const key = end === undefined ? '' : this.#rest.slice(0, at);
    const isAlone = end === '\n';
    if (isAlone && !key.includes(' ')) this.#line++;
    this.#rest = (end === undefined ? this.#rest : this.#rest.slice(at + 1)).replace(leadingSpace, '');
    return { key: key.trimEnd(), isAlone };
  }

  #value(): string {
    const quote = this.#rest[0];
    return quote === '"' || quote === "'" ? this.#quoted(quote) : this.#plain();
  }

  #plain(): string {
    const end = this.#rest.indexOf('\n');
    const line = end < 0 ? this.#rest : this.#rest.slice(0, end);
    this.#rest = end < 0 ? '' : this.#rest.slice(end + 1);
    const value = this.#expand((line.split(' #')[0] ?? '').trimEnd());
    this.#line++;
    return value;
  }

  #quoted(quote: string): string {
    let value = '';
    let isEscaped = false;
    for (let at = 1; at < this.#rest.length; at++) {
      const char = this.#rest[at] ?? '';
      if (char === '\n') this.#line++;
      if (char === quote && !isEscaped) {
        this.#rest = this.#rest.slice(at + 1);
        return quote === '"' ? this.#expand(expandEscapes(value)) : value;
      }
      if (char === '\\' && !isEscaped) {
        isEscaped = true;
        continue;
      }
      value += isEscaped && char !== quote ? `\\${char}` : char;
      isEscaped = false;
    }
    throw this.#failure(`unterminated quoted value ${this.#rest.split('\n')[0] ?? ''}`);
  }

  #expand(text: string): string {
    try {
      return substitute(text, this.#values);
    } catch (error) {
      throw error instanceof TsbuildxError ? this.#failure(error.message) : error;
    }
  }

  #failure(what: string): TsbuildxError {
    return new TsbuildxError('INVALID_ARGUMENT', `line ${this.#line}: ${what}`);
  }
}

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
  $: '$$',
};

function expandEscapes(text: string): string {
  return text.replaceAll(/\\(?:([abcfnrtv$"\\])|0(\d{0,3}))/g, (found, letter: string | undefined, digits: string) => {
    if (letter !== undefined) return escapes[letter] ?? found;
    return /^[0-3][0-7]{2}$/.test(digits) ? String.fromCodePoint(Number.parseInt(digits, 8)) : `\\0${digits}`;
  });
}
