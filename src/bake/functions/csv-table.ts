// Matches Go's encoding/csv as csvdecode uses it: records over several lines, quotes only around whole fields.
import { TsbuildxError } from '../../base/errors.ts';

function failure(line: number, why: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', `CSV parse error on line ${line}: ${why}`);
}

/** Reads one record after the other; empty lines are left out. Throws INVALID_ARGUMENT with the line. */
export class CsvReader {
  readonly #lines: readonly string[];
  /** Of the line that is read next, from 0. */
  #next = 0;

  constructor(text: string) {
    const lines = text.replaceAll('\r\n', '\n').split('\n');
    const last = lines.pop() ?? '';
    this.#lines = [...lines.map((line) => `${line}\n`), ...(last === '' ? [] : [last.replace(/\r$/, '')])];
  }

  /** The fields of the next record; undefined at the end. */
  read(count?: number): string[] | undefined {
    while (this.#lines[this.#next] === '\n') this.#next++;
    const line = this.#lines[this.#next];
    if (line === undefined) return undefined;
    this.#next++;
    const start = this.#next;
    const fields = this.#readFields(line);
    if (count !== undefined && fields.length !== count) throw failure(start, 'wrong number of fields');
    return fields;
  }

  #readFields(line: string): string[] {
    const fields: string[] = [];
    let rest = line;
    for (;;) {
      const { field, after } = rest.startsWith('"') ? this.#readQuoted(rest.slice(1)) : this.#readBare(rest);
      fields.push(field);
      if (after === undefined) return fields;
      rest = after;
    }
  }

  #readBare(line: string): { field: string; after: string | undefined } {
    const comma = line.indexOf(',');
    const field = comma < 0 ? line.replace(/\n$/, '') : line.slice(0, comma);
    if (field.includes('"')) throw failure(this.#next, 'bare " in non-quoted-field');
    return { field, after: comma < 0 ? undefined : line.slice(comma + 1) };
  }

  /** Reads on over lines until the quote that ends the field. */
  #readQuoted(line: string): { field: string; after: string | undefined } {
    let field = '';
    let rest = line;
    for (;;) {
      const quote = rest.indexOf('"');
      if (quote < 0) {
        field += rest;
        const more = this.#lines[this.#next];
        if (more === undefined) throw failure(this.#next, 'extraneous or missing " in quoted-field');
        this.#next++;
        rest = more;
        continue;
      }
      field += rest.slice(0, quote);
      rest = rest.slice(quote + 1);
      if (rest === '' || rest === '\n') return { field, after: undefined };
      if (rest.startsWith(',')) return { field, after: rest.slice(1) };
      if (!rest.startsWith('"')) throw failure(this.#next, 'extraneous or missing " in quoted-field');
      field += '"';
      rest = rest.slice(1);
    }
  }
}
