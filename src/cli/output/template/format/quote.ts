import { goQuote } from '../../../../base/go-quote.ts';
import type { Flags } from './flags.ts';

/** As `%q` of a text: with `+` in ASCII only, with `#` in back quotes where they can. */
export function quoteText(text: string, { sharp, plus }: Flags): string {
  if (sharp && canBackquote(text)) return `\`${text}\``;
  const quoted = goQuote(text);
  return plus ? inAscii(quoted) : quoted;
}

/** As `%q` of an integer. */
export function quoteCharacter(code: number, { plus }: Flags): string {
  const isValid = code >= 0 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  const char = isValid ? String.fromCodePoint(code) : '\ufffd';
  const inner = char === "'" ? "\\'" : char === '"' ? '"' : goQuote(char).slice(1, -1);
  return `'${plus ? inAscii(inner) : inner}'`;
}

function inAscii(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (char) => {
    const code = char.codePointAt(0) ?? 0;
    const digits = code.toString(16);
    return code < 0x10000 ? `\\u${digits.padStart(4, '0')}` : `\\U${digits.padStart(8, '0')}`;
  });
}

function isAsciiControl(char: string): boolean {
  return char < ' ' || char === '\x7f';
}

function canBackquote(text: string): boolean {
  return (
    text.isWellFormed() &&
    Array.from(text).every((char) => char === '\t' || (!/[`\ufeff]/.test(char) && !isAsciiControl(char)))
  );
}
