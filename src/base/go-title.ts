// Matches Go's strings.Title.
import { isDigit, isLetter, isSpace, toUpper } from './go-unicode.ts';

/** Two letters in one character, whose title case differs from both others. */
const digraphs: readonly string[] = [
  '\u01c4\u01c5\u01c6',
  '\u01c7\u01c8\u01c9',
  '\u01ca\u01cb\u01cc',
  '\u01f1\u01f2\u01f3',
];

/** Georgian has capitals for whole texts only. */
const withoutTitleCase = /[\u10d0-\u10fa\u10fd-\u10ff]/;

/** Each word begins with its letter in title case; all else stays. */
export function title(text: string): string {
  let previous = ' ';
  let out = '';
  for (const char of text) {
    out += isSeparator(previous) ? titleCase(char) : char;
    previous = char;
  }
  return out;
}

function isSeparator(char: string): boolean {
  if (char <= '\x7f') return !/^\w$/.test(char);
  return !isLetter(char) && !isDigit(char) && isSpace(char.charCodeAt(0));
}

function titleCase(char: string): string {
  if (withoutTitleCase.test(char)) return char;
  return digraphs.find((group) => group.includes(char))?.charAt(1) ?? toUpper(char);
}
