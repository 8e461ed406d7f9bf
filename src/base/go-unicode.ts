// Matches Go's unicode and strings packages where JavaScript's own functions differ:
// U+0085 is a space, U+FEFF is none, and case is mapped one character to one.

/** Go's unicode.IsSpace, for a UTF-16 unit (every space lies in the basic plane). */
export function isSpace(code: number): boolean {
  if (code <= 0x20) return code === 0x20 || (code >= 0x09 && code <= 0x0d);
  if (code < 0x1680) return code === 0x85 || code === 0xa0;
  return (
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200a) ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

export function trimSpaceStart(text: string): string {
  let start = 0;
  while (start < text.length && isSpace(text.charCodeAt(start))) start++;
  return start === 0 ? text : text.slice(start);
}

export function trimSpaceEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isSpace(text.charCodeAt(end - 1))) end--;
  return end === text.length ? text : text.slice(0, end);
}

/** Go's strings.TrimSpace. */
export function trimSpace(text: string): string {
  return trimSpaceEnd(trimSpaceStart(text));
}

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u;

/** Go's unicode.IsPrint, for one character. */
export function isPrintable(ch: string): boolean {
  return printable.test(ch);
}

const letter = /^\p{L}$/u;
const digit = /^\p{Nd}$/u;

/** Go's unicode.IsLetter, for one character. */
export function isLetter(ch: string): boolean {
  const code = ch.charCodeAt(0);
  if (code < 0x80) return (code >= 0x61 && code <= 0x7a) || (code >= 0x41 && code <= 0x5a);
  return letter.test(ch);
}

/** Go's unicode.IsDigit, for one character. */
export function isDigit(ch: string): boolean {
  const code = ch.charCodeAt(0);
  if (code < 0x80) return code >= 0x30 && code <= 0x39;
  return digit.test(ch);
}

const beyondAscii = /[^\0-\x7f]/;

/** Go's strings.ToLower, which also replaces what is no UTF-8. */
export function toLower(text: string): string {
  return beyondAscii.test(text) ? Array.from(text.toWellFormed(), lowerRune).join('') : text.toLowerCase();
}

/** Go's strings.ToUpper, which also replaces what is no UTF-8. */
export function toUpper(text: string): string {
  return beyondAscii.test(text) ? Array.from(text.toWellFormed(), upperRune).join('') : text.toUpperCase();
}

/** Go's strings.EqualFold. */
export function equalFold(a: string, b: string): boolean {
  return a === b || toLower(toUpper(a)) === toLower(toUpper(b));
}

function lowerRune(ch: string): string {
  if (ch === '\u0130') return 'i';
  const lower = ch.toLowerCase();
  return isOneCharacter(lower) ? lower : ch;
}

function upperRune(ch: string): string {
  const upper = ch.toUpperCase();
  if (isOneCharacter(upper)) return upper;
  const code = ch.charCodeAt(0);
  // Greek letters with iota subscript: Unicode's simple mapping is the title case letter.
  if (code >= 0x1f80 && code <= 0x1faf && (code & 8) === 0) return String.fromCharCode(code + 8);
  if (code === 0x1fb3 || code === 0x1fc3 || code === 0x1ff3) return String.fromCharCode(code + 9);
  return ch;
}

function isOneCharacter(text: string): boolean {
  return text.length === 1 || (text.length === 2 && (text.codePointAt(0) ?? 0) > 0xffff);
}
