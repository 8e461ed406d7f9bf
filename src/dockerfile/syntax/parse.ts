// Matches frontend/dockerfile/parser/parser.go: same lines, same error texts and locations.
import { byteLength, decodeBytes, encodeBytes } from '../../base/go-bytes.ts';
import { isSpace, trimSpace, trimSpaceStart } from '../../base/go-unicode.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { EscapeToken } from '../shell/index.ts';
import { DirectiveParser, MAX_LINE_BYTES } from './directives.ts';
import { heredocsOfLine } from './heredoc.ts';
import { DockerfileError, withLocation } from './location.ts';
import { canHaveHeredocs, nodeOfLine } from './line.ts';
import type { DockerfileAst, Heredoc, InstructionNode, SyntaxWarning } from './node.ts';

/**
 * What a file may have, so that memory stays bounded. A definition of that many is far beyond the 16 MiB that a daemon
 * takes in one message.
 */
const MAX_INSTRUCTIONS = 100_000;
const MAX_WORDS = 500_000;

/** Parses a whole Dockerfile, given as text (see base/go-bytes.ts). Throws DockerfileError. */
export function parseSyntax(source: string): DockerfileAst {
  return new Parser(source.startsWith('\uFEFF') ? source.slice(1) : source).parse();
}

class Parser {
  readonly #lines: LineReader;
  readonly #directives = new DirectiveParser('#');
  readonly #nodes: InstructionNode[] = [];
  readonly #warnings: SyntaxWarning[] = [];
  #escape: EscapeToken = '\\';
  #comments: string[] = [];
  #words = 0;

  constructor(text: string) {
    this.#lines = new LineReader(text);
  }

  parse(): DockerfileAst {
    for (let line = this.#lines.next(); line !== undefined; line = this.#lines.next()) {
      const first = this.#firstLine(line);
      if (first !== undefined) this.#instruction(first);
    }
    const [head] = this.#nodes;
    const end = this.#lines.count;
    if (head === undefined) throw new DockerfileError('file with no instructions', [{ start: end, end }]);
    if (this.#lines.tooLong) {
      const message = `dockerfile line greater than max allowed size of ${MAX_LINE_BYTES - 1}`;
      throw new DockerfileError(message, [{ start: end, end }]);
    }
    return {
      start: head.start,
      end: this.#nodes.at(-1)?.end ?? head.end,
      nodes: this.#nodes,
      escapeToken: this.#escape,
      warnings: this.#warnings,
    };
  }

  /** The text of a line that may start an instruction; undefined for comments, directives and empty lines. */
  #firstLine(raw: string): string | undefined {
    const line = trimSpaceStart(trimNewline(raw));
    const comment = line.startsWith('#');
    if (!this.#directives.done && this.#directive(line)) return undefined;
    if (comment) this.#comment(raw);
    return comment || line === '' ? undefined : line;
  }

  #directive(line: string): boolean {
    // The reference counts the line only after this, so its error names the line before.
    const at = this.#lines.count - 1;
    try {
      const directive = this.#directives.parseLine(line);
      if (directive?.name === 'escape') this.#setEscape(directive.cmdline);
      return directive !== undefined;
    } catch (error) {
      throw withLocation(error, { start: at, end: at });
    }
  }

  #setEscape(token: string): void {
    if (token !== '\\' && token !== '`') {
      throw new TsbuildxError('DOCKERFILE', `invalid escape token '${token}' does not match \` or \\`);
    }
    this.#escape = token;
  }

  #comment(raw: string): void {
    const text = trimSpace(withoutFirstByte(raw));
    if (text === '') this.#comments = [];
    else this.#comments.push(text);
  }

  #instruction(first: string): void {
    const start = this.#lines.count;
    const line = this.#continued(first);
    const span = { start, end: this.#lines.count };
    const node = located(span, () => nodeOfLine(line, this.#escape, this.#comments, span));
    this.#requireSpace(node);
    const words = canHaveHeredocs(node) && line.includes('<<') ? located(span, () => heredocsOfLine(line)) : [];
    const heredocs = words.map((word): Heredoc => ({ ...word, content: this.#content(word, start) }));
    this.#nodes.push(heredocs.length === 0 ? node : { ...node, heredocs, end: this.#lines.count });
    this.#comments = [];
  }

  #requireSpace({ args, start, end }: InstructionNode): void {
    this.#words += args.length;
    if (this.#nodes.length < MAX_INSTRUCTIONS && this.#words <= MAX_WORDS) return;
    const message = `dockerfile has more than ${MAX_INSTRUCTIONS} instructions or ${MAX_WORDS} words`;
    throw new DockerfileError(message, [{ start, end }]);
  }

  /** The logical line: continuation lines joined, comments and empty lines between them dropped. */
  #continued(first: string): string {
    let cut = continuationAt(first, this.#escape);
    if (cut < 0) return first;
    let line = first.slice(0, cut);
    let emptyLine = false;
    while (cut >= 0) {
      const raw = this.#lines.next();
      if (raw === undefined) break;
      const next = trimNewline(raw);
      const at = firstNonSpace(next);
      if (at < next.length && next[at] === '#') continue;
      if (at === next.length) {
        emptyLine = true;
        continue;
      }
      cut = continuationAt(next, this.#escape);
      line += cut < 0 ? next : next.slice(0, cut);
    }
    if (emptyLine) this.#warnEmptyLine(line);
    return line;
  }

  #warnEmptyLine(line: string): void {
    this.#warnings.push({
      short: `Empty continuation line found in: ${line}`,
      detail: ['Empty continuation lines will become errors in a future release'],
      url: 'https://docs.docker.com/go/dockerfile/rule/no-empty-continuation/',
      start: this.#lines.count,
      end: this.#lines.count,
    });
  }

  #content(word: { readonly name: string; readonly chomp: boolean }, start: number): string {
    const content: string[] = [];
    for (let raw = this.#lines.next(); raw !== undefined; raw = this.#lines.next()) {
      const line = trimNewline(raw);
      if ((word.chomp ? trimTabs(line) : line) === word.name) return content.join('');
      content.push(raw);
    }
    throw new DockerfileError('unterminated heredoc', [{ start, end: this.#lines.count }]);
  }
}

/** Hands out lines with their ends, and stops for good at one that the reference's scanner refuses. */
class LineReader {
  readonly #text: string;
  #at = 0;
  /** Lines handed out. */
  count = 0;
  tooLong = false;

  constructor(text: string) {
    this.#text = text;
  }

  next(): string | undefined {
    if (this.tooLong || this.#at >= this.#text.length) return undefined;
    const newline = this.#text.indexOf('\n', this.#at);
    const end = newline < 0 ? this.#text.length : newline + 1;
    const line = this.#text.slice(this.#at, end);
    const limit = newline < 0 ? MAX_LINE_BYTES - 1 : MAX_LINE_BYTES;
    if (line.length * 3 > limit && byteLength(line) > limit) {
      this.tooLong = true;
      return undefined;
    }
    this.#at = end;
    this.count++;
    return line;
  }
}

function located<T>(span: { readonly start: number; readonly end: number }, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw withLocation(error, span);
  }
}

function trimNewline(line: string): string {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 0x0a || line.charCodeAt(end - 1) === 0x0d)) end--;
  return end === line.length ? line : line.slice(0, end);
}

function trimTabs(line: string): string {
  let start = 0;
  while (line.charCodeAt(start) === 0x09) start++;
  return line.slice(start);
}

function firstNonSpace(line: string): number {
  let at = 0;
  while (at < line.length && isSpace(line.charCodeAt(at))) at++;
  return at;
}

/** Where the escape token stands that continues the line, -1 when nothing does. An escaped one does not count. */
function continuationAt(line: string, escape: EscapeToken): number {
  let end = line.length;
  while (end > 0 && (line.charCodeAt(end - 1) === 0x20 || line.charCodeAt(end - 1) === 0x09)) end--;
  if (end === 0 || line[end - 1] !== escape) return -1;
  return end > 1 && line[end - 2] === escape ? -1 : end - 1;
}

/** The reference drops one byte, be it `#` or the first of the white space before it. */
function withoutFirstByte(line: string): string {
  return line.charCodeAt(0) < 0x80 ? line.slice(1) : decodeBytes(encodeBytes(line).subarray(1));
}
