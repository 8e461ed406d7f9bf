// Matches github.com/tonistiigi/go-csvvalue: the fields of one CSV record, with encoding/csv's error texts.
import { TsbuildxError } from './errors.ts';
import { byteLength } from './go-bytes.ts';

const misplacedQuote = 'extraneous or missing " in quoted-field';

/** The fields of the record. Throws INVALID_ARGUMENT, with the text `EOF` when there is nothing at all. */
export function csvFields(record: string, separator: ',' | ':' = ','): string[] {
  const line = record.replace(/\r?\n$/, '');
  if (line === '') throw new TsbuildxError('INVALID_ARGUMENT', 'EOF');
  const fields: string[] = [];
  for (let at = 0; ; ) {
    const field = line[at] === '"' ? quotedField(line, at + 1, separator) : plainField(line, at, separator);
    fields.push(field.value);
    if (field.end >= line.length) return fields;
    at = field.end + 1;
  }
}

interface Field {
  readonly value: string;
  /** Where the separator after it stands, or the end of the line. */
  readonly end: number;
}

function plainField(line: string, start: number, separator: string): Field {
  const comma = line.indexOf(separator, start);
  const end = comma < 0 ? line.length : comma;
  const value = line.slice(start, end);
  const quote = value.indexOf('"');
  if (quote >= 0) throw parseError(line, start + quote, 'bare " in non-quoted-field');
  return { value, end };
}

function quotedField(line: string, start: number, separator: string): Field {
  let value = '';
  for (let at = start; ; ) {
    const quote = line.indexOf('"', at);
    if (quote < 0) throw parseError(line, at, misplacedQuote);
    value += line.slice(at, quote);
    const next = line[quote + 1];
    if (next === undefined || next === separator) return { value, end: quote + 1 };
    if (next !== '"') throw parseError(line, quote, misplacedQuote);
    value += next;
    at = quote + 2;
  }
}

function parseError(line: string, at: number, what: string): TsbuildxError {
  const column = byteLength(line.slice(0, at)) + 1;
  return new TsbuildxError('INVALID_ARGUMENT', `parse error on line 1, column ${column}: ${what}`);
}
