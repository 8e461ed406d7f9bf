// Matches frontend/dockerfile/parser/directives.go.
import { toLower, trimSpaceStart } from '../../base/go-unicode.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { byteLength } from '../../base/go-bytes.ts';
import type { LineSpan } from './location.ts';

export type DirectiveName = 'syntax' | 'escape' | 'check';

export interface Directive extends LineSpan {
  readonly name: DirectiveName;
  /** The value up to the first space. */
  readonly value: string;
  /** The whole value. */
  readonly cmdline: string;
}

/** What a scanner of the reference takes for one line, its end included. */
export const MAX_LINE_BYTES = 65536;

/** Reads the directives at the top of a file; anything else ends them for good. */
export class DirectiveParser {
  readonly #comment: string;
  readonly #seen = new Set<string>();
  #line: number;
  #done = false;

  constructor(comment: string, firstLine = 1) {
    this.#comment = comment;
    this.#line = firstLine - 1;
  }

  get done(): boolean {
    return this.#done;
  }

  /** The directive on the next line, without its newline. Throws when one is given twice. */
  parseLine(line: string): Directive | undefined {
    this.#line++;
    if (this.#done) return undefined;
    const match = line.startsWith(this.#comment) ? matchDirective(line.slice(this.#comment.length)) : undefined;
    if (match === undefined) {
      this.#done = true;
      return undefined;
    }
    const { name, cmdline } = match;
    if (this.#seen.has(name)) {
      throw new TsbuildxError('DOCKERFILE', `only one ${name} parser directive can be used`);
    }
    this.#seen.add(name);
    return { name, cmdline, value: firstWord(cmdline), start: this.#line, end: this.#line };
  }
}

const assignment = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=/;

function matchDirective(comment: string): Pick<Directive, 'name' | 'cmdline'> | undefined {
  const text = trimSpaceStart(comment);
  const match = assignment.exec(text);
  if (match === null) return undefined;
  const name = toLower(match[1] ?? '');
  if (name !== 'syntax' && name !== 'escape' && name !== 'check') return undefined;
  const value = text.slice(match[0].length);
  return value === '' ? undefined : { name, cmdline: trimValue(value) };
}

/** Without white space around; a value of nothing else keeps its last character. */
function trimValue(value: string): string {
  let start = 0;
  while (start < value.length - 1 && isBlank(value.charCodeAt(start))) start++;
  let end = value.length;
  while (end > start + 1 && isBlank(value.charCodeAt(end - 1))) end--;
  return value.slice(start, end);
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0c || code === 0x0d;
}

function firstWord(text: string): string {
  const space = text.indexOf(' ');
  return space < 0 ? text : text.slice(0, space);
}

/**
 * The frontend that the file asks for: `# syntax=`, `// syntax=` or the key of a JSON object,
 * after an optional `#!` line. `source` is the file as text (see base/go-bytes.ts).
 */
export function detectSyntax(source: string): Directive | undefined {
  const { text, line } = withoutPreamble(source);
  return scan('syntax', text, '#', line) ?? scan('syntax', text, '//', line) ?? jsonSyntax(text, line);
}

/** The `# name=value` directive of that name at the top of the file. */
export function findDirective(name: DirectiveName, source: string): Directive | undefined {
  const { text, line } = withoutPreamble(source);
  return scan(name, text, '#', line);
}

/** The options of a `check=…` comment (without its `#`), undefined when it is another comment. */
export function readCheckComment(comment: string): string | undefined {
  const match = matchDirective(comment);
  return match?.name === 'check' ? firstWord(match.cmdline) : undefined;
}

/** The text without byte order mark and `#!` line, and the number of lines so taken off. */
function withoutPreamble(source: string): { text: string; line: number } {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  if (!text.startsWith('#!')) return { text, line: 0 };
  const newline = text.indexOf('\n');
  return { text: newline < 0 ? '' : text.slice(newline + 1), line: 1 };
}

function scan(name: DirectiveName, text: string, comment: string, skipped: number): Directive | undefined {
  const parser = new DirectiveParser(comment, skipped + 1);
  for (let at = 0; at < text.length && !parser.done; ) {
    const newline = text.indexOf('\n', at);
    const line = newline < 0 ? text.slice(at) : text.slice(at, newline);
    if (line.length * 3 >= MAX_LINE_BYTES && byteLength(line) >= MAX_LINE_BYTES) return undefined;
    try {
      const found = parser.parseLine(line);
      if (found?.name === name) return found;
    } catch {
      return undefined; // given twice: the parser proper reports that
    }
    at = newline < 0 ? text.length : newline + 1;
  }
  return undefined;
}

function jsonSyntax(text: string, line: number): Directive | undefined {
  if (!/^[\t\n\r ]*\{/.test(text)) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed !== 'object' || parsed === null || !Object.hasOwn(parsed, 'syntax')) return undefined;
    const { syntax } = parsed as { syntax: unknown };
    if (typeof syntax !== 'string') return undefined;
    const value = syntax.toWellFormed();
    return { name: 'syntax', value, cmdline: value, start: line, end: line };
  } catch {
    return undefined; // not JSON, so no directive
  }
}
