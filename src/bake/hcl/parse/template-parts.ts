// Matches hclsyntax/parser_template.go parseTemplateParts.
import { goQuote } from '../../../base/go-quote.ts';
import { trimSpaceEnd, trimSpaceStart } from '../../../base/go-unicode.ts';
import { nameHint } from '../name-hint.ts';
import { emptyRange, rangeBetween, type SourceRange } from '../range.ts';
import type { Token, TokenType } from '../scan/token.ts';
import { type ForTexts, parseForNames } from './parse-for.ts';
import type { Parser } from './parser.ts';
import { stringLiteral } from './string-literal.ts';
import type { TemplatePart, TemplateParts } from './template-part.ts';

const forTexts: ForTexts = {
  summary: "Invalid 'for' directive",
  noName: "For directive requires variable name after 'for'.",
  noValueName: 'For directive requires value variable name after comma.',
  noIn: "For directive requires 'in' keyword after names.",
};

const words = ['if', 'for', 'else', 'endif', 'endfor'];

/** Reads a template up to and with the token that ends it. */
export function readTemplateParts(parser: Parser, end: TokenType): TemplateParts {
  return new PartReader(parser, end).read();
}

class PartReader {
  readonly #parser: Parser;
  readonly #end: TokenType;
  readonly #start: SourceRange;
  readonly #parts: TemplatePart[] = [];
  /** The sequence before the next token strips the space after it. */
  #stripsNext = false;

  constructor(parser: Parser, end: TokenType) {
    this.#parser = parser;
    this.#end = end;
    this.#start = parser.peek().range;
  }

  read(): TemplateParts {
    const endRange = this.#readAll();
    if (this.#parts.length === 0) {
      const range = emptyRange(this.#start.filename, this.#start.end);
      this.#parts.push({ kind: 'literal', text: '', range });
    }
    return { parts: this.#parts, range: rangeBetween(this.#start, endRange), endRange };
  }

  #readAll(): SourceRange {
    const parser = this.#parser;
    let isAfterLiteral = false;
    for (;;) {
      const token = parser.read();
      if (token.type === this.#end) return token.range;
      const isStripped = this.#stripsNext;
      this.#stripsNext = false;
      const isLiteral = token.type === 'string literal' || token.type === 'quoted literal';
      if (isLiteral) {
        const text = stringLiteral(parser, token);
        this.#parts.push({ kind: 'literal', text: isStripped ? trimSpaceStart(text) : text, range: token.range });
      } else if (token.type === '${' || token.type === '%{') {
        if (isAfterLiteral && token.text.endsWith('~')) this.#stripPrevious();
        parser.pushNewlines(false);
        if (token.type === '${') this.#readInterpolation(token);
        else if (!this.#readDirective(token)) parser.recover('template end');
        parser.popNewlines();
      } else {
        if (!parser.isRecovering) {
          const detail = 'No closing marker was found for the string.';
          parser.report('Unterminated template string', detail, token.range, rangeBetween(this.#start, token.range));
        }
        return parser.recover(this.#end).range;
      }
      isAfterLiteral = isLiteral;
    }
  }

  #stripPrevious(): void {
    const previous = this.#parts.at(-1);
    if (previous?.kind === 'literal') previous.text = trimSpaceEnd(previous.text);
  }

  #readInterpolation(open: Token): void {
    const parser = this.#parser;
    const node = parser.expression();
    const close = parser.peek();
    if (close.type === 'template end') this.#readEnd();
    else {
      if (!parser.isRecovering) this.#reportUnclosed(close);
      parser.recover('template end');
    }
    this.#parts.push({ kind: 'interpolation', node, range: rangeBetween(open.range, close.range) });
  }

  #readEnd(): void {
    this.#stripsNext = this.#parser.read().text.startsWith('~');
  }

  #reportUnclosed({ type, range }: Token): void {
    const start = this.#start;
    const isQuote = type === 'close quote' || type === 'open quote';
    if (type === 'end of file' || (isQuote && this.#end === 'close quote')) {
      const where = type === 'end of file' ? 'file' : 'quoted template';
      const detail = `There is no closing brace for this interpolation sequence before the end of the ${where}. This might be caused by incorrect nesting inside the given expression.`;
      this.#parser.report('Unclosed template interpolation sequence', detail, start);
      return;
    }
    const detail =
      type === ':'
        ? 'Template interpolation doesn\'t expect a colon at this location. Did you intend this to be a literal sequence to be processed as part of another language? If so, you can escape it by starting with "$${" instead of just "${".'
        : 'Expected a closing brace to end the interpolation expression, but found extra characters.\n\nThis can happen when you include interpolation syntax for another language, such as shell scripting, but forget to escape the interpolation start token. If this is an embedded sequence for another language, escape it by starting with "$${" instead of just "${".';
    this.#parser.report('Extra characters after interpolation expression', detail, range, rangeBetween(start, range));
  }

  /** What follows `%{`; false when it is broken, so that the rest of it must be skipped. */
  #readDirective(open: Token): boolean {
    const parser = this.#parser;
    const word = parser.peek();
    if (word.type !== 'identifier') {
      const detail = 'A template directive keyword ("if", "for", etc) is expected at the beginning of a %{ sequence.';
      this.#report('Invalid template directive', detail, word.range, rangeBetween(open.range, word.range));
      return false;
    }
    parser.read();
    const part = this.#partOf(word, open);
    if (part === undefined) return false;
    this.#parts.push(part);
    const close = parser.peek();
    if (close.type === 'template end') this.#readEnd();
    else {
      const detail = 'Expected a closing brace to end the sequence, but found extra characters.';
      const context = rangeBetween(this.#start, close.range);
      this.#report(`Extra characters in ${word.text} marker`, detail, close.range, context);
      parser.recover('template end');
    }
    return true;
  }

  #partOf(word: Token, open: Token): TemplatePart | undefined {
    const parser = this.#parser;
    const range = (): SourceRange => rangeBetween(open.range, parser.peek().range);
    switch (word.text) {
      case 'if': {
        const condition = parser.expression();
        return { kind: 'if', condition, range: range() };
      }
      case 'for': {
        const names = parseForNames(parser, forTexts);
        if (names === undefined) return undefined;
        const collection = parser.expression();
        return { kind: 'for', ...names, collection, range: range() };
      }
      case 'else':
      case 'endif':
      case 'endfor':
        return { kind: word.text, range: range() };
      default:
        this.#reportWord(word, open);
        return undefined;
    }
  }

  #reportWord({ text, range }: Token, open: Token): void {
    const detail = `${goQuote(text)} is not a valid template control keyword.${nameHint(text, words)}`;
    this.#report('Invalid template control keyword', detail, range, rangeBetween(open.range, range));
  }

  #report(summary: string, detail: string, subject: SourceRange, context: SourceRange): void {
    if (!this.#parser.isRecovering) this.#parser.report(summary, detail, subject, context);
  }
}
