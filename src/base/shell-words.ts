// Matches github.com/google/shlex: the words of a command line, without expansions.
import { TsbuildxError } from './errors.ts';

/** Splits at white space; `'`, `"` and backslashes quote, `#` begins a comment where a word could. Throws INVALID_ARGUMENT. */
export function shellWords(text: string): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | '' = '';
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (quote === "'" ? char === "'" : quote === '"' && char === '"') {
      quote = '';
    } else if (char === '\\' && quote !== "'") {
      at += 1;
      if (at === text.length) throw new TsbuildxError('INVALID_ARGUMENT', 'EOF found after escape character');
      word = (word ?? '') + text.charAt(at);
    } else if (quote !== '') {
      word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (' \t\r\n'.includes(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (char === '#' && word === undefined) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '') throw new TsbuildxError('INVALID_ARGUMENT', 'EOF found when expecting closing quote');
  if (word !== undefined) words.push(word);
  return words;
}
