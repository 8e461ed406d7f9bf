// Matches go.yaml.in/yaml/v4 internal/libyaml/scanner.go: scalars that may go on in the next line.
import { type Characters, codeOf, hexValue, isBlank, isBlankOrEnd, isLineBreak } from './characters.ts';
import { type Mark, scannerFault } from './mark.ts';
import { newToken, type Token } from './token.ts';

const quote = codeOf('"');
const apostrophe = codeOf("'");
const backslash = codeOf('\\');
const flowEnds = new Set(Array.from(',[]{}', codeOf));

/** Between quotes. */
export function scanQuotedScalar(chars: Characters, style: 'single' | 'double'): Token {
  const { mark } = chars;
  const fail = (problem: string): Error =>
    scannerFault(problem, chars.mark, { what: 'while scanning a quoted scalar', mark });
  const end = style === 'single' ? apostrophe : quote;
  let value = '';
  chars.skip();
  for (;;) {
    chars.need(4);
    if (isAtDocumentIndicator(chars)) throw fail('found unexpected document indicator');
    if (chars.at(0) === 0) throw fail('found unexpected end of stream');
    let isLineEscaped = false;
    while (!isBlankOrEnd(chars.at(0))) {
      const [code, next] = [chars.at(0), chars.at(1)];
      if (style === 'single' && code === apostrophe && next === apostrophe) {
        value += "'";
        chars.skipAll(2);
      } else if (code === end) break;
      else if (style === 'double' && code === backslash && isLineBreak(next)) {
        chars.need(3);
        chars.skip();
        chars.skipLine();
        isLineEscaped = true;
        break;
      } else if (style === 'double' && code === backslash) value += scanEscape(chars, fail);
      else value += chars.take();
      chars.need(2);
    }
    chars.need(1);
    if (chars.at(0) === end) break;
    value += scanSpace(chars, isLineEscaped).text;
  }
  chars.skip();
  return newToken('scalar', mark, { value, style });
}

/** Without quotes. `hasLineEnd`: it ended behind the end of a line. */
export function scanPlainScalar(
  chars: Characters,
  { indent, isInFlow }: { readonly indent: number; readonly isInFlow: boolean },
): { readonly token: Token; readonly hasLineEnd: boolean } {
  const { mark } = chars;
  let value = '';
  let space: Space = { text: '', hasLineEnd: false };
  for (;;) {
    chars.need(4);
    if (isAtDocumentIndicator(chars) || chars.at(0) === codeOf('#')) break;
    while (!isBlankOrEnd(chars.at(0)) && !isPlainEnd(chars, isInFlow)) {
      value += space.text + chars.take();
      space = { text: '', hasLineEnd: false };
      chars.need(2);
    }
    if (!isSpace(chars.at(0))) break;
    space = scanSpace(chars, space.hasLineEnd, { indent, mark });
    if (!isInFlow && chars.column < indent) break;
  }
  return { token: newToken('scalar', mark, { value }), hasLineEnd: space.hasLineEnd };
}

function isPlainEnd(chars: Characters, isInFlow: boolean): boolean {
  const code = chars.at(0);
  if (code === codeOf(':') && isBlankOrEnd(chars.at(1))) return true;
  return isInFlow && (flowEnds.has(code) || (code === codeOf('?') && isBlankOrEnd(chars.at(1))));
}

/** `---` or `...` at the beginning of a line. */
export function isAtDocumentIndicator(chars: Characters, indicators = '-.'): boolean {
  if (chars.column !== 0) return false;
  const first = chars.at(0);
  if (!Array.from(indicators, codeOf).includes(first)) return false;
  return chars.at(1) === first && chars.at(2) === first && isBlankOrEnd(chars.at(3));
}

function isSpace(code: number): boolean {
  return isBlank(code) || isLineBreak(code);
}

interface Space {
  /** What it is in the scalar. */
  readonly text: string;
  readonly hasLineEnd: boolean;
}

/** Blanks and ends of lines: one of these is a space, more are one less. */
function scanSpace(
  chars: Characters,
  isBehindLineEnd: boolean,
  plain?: { readonly indent: number; readonly mark: Mark },
): Space {
  let [blanks, leading, trailing] = ['', '', ''];
  let hasLineEnd = isBehindLineEnd;
  chars.need(1);
  while (isSpace(chars.at(0))) {
    if (isBlank(chars.at(0))) {
      if (plain && hasLineEnd && chars.column < plain.indent && chars.at(0) === 0x09) {
        const context = { what: 'while scanning a plain scalar', mark: plain.mark };
        throw scannerFault('found a tab character that violates indentation', chars.mark, context);
      }
      if (hasLineEnd) chars.skip();
      else blanks += chars.take();
    } else {
      chars.need(2);
      if (hasLineEnd) trailing += chars.takeLine();
      else {
        blanks = '';
        leading = chars.takeLine();
        hasLineEnd = true;
      }
    }
    chars.need(1);
  }
  if (!hasLineEnd) return { text: blanks, hasLineEnd };
  const isFolded = leading.startsWith('\n');
  return { text: isFolded ? trailing || ' ' : leading + trailing, hasLineEnd };
}

const escapes: ReadonlyMap<number, string> = new Map(
  Object.entries({
    0: '\0',
    a: '\x07',
    b: '\b',
    t: '\t',
    '\t': '\t',
    n: '\n',
    v: '\v',
    f: '\f',
    r: '\r',
    e: '\x1b',
    ' ': ' ',
    '"': '"',
    "'": "'",
    '\\': '\\',
    N: '\x85',
    _: '\xa0',
    L: '\u2028',
    P: '\u2029',
  }).map(([name, text]) => [codeOf(name), text]),
);

const escapeLengths: ReadonlyMap<number, number> = new Map([
  [codeOf('x'), 2],
  [codeOf('u'), 4],
  [codeOf('U'), 8],
]);

function scanEscape(chars: Characters, fail: (problem: string) => Error): string {
  const name = chars.at(1);
  const text = escapes.get(name);
  const length = escapeLengths.get(name) ?? 0;
  if (text === undefined && length === 0) throw fail('found unknown escape character');
  chars.skipAll(2);
  if (text !== undefined) return text;
  chars.need(length);
  let code = 0;
  for (let at = 0; at < length; at++) {
    const digit = hexValue(chars.at(at));
    if (digit === undefined) throw fail('did not find expected hexadecimal number');
    code = code * 16 + digit;
  }
  if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) throw fail('found invalid Unicode character escape code');
  chars.skipAll(length);
  return String.fromCodePoint(code);
}
