import { editDistance } from '../../src/base/suggest.ts';

/** Where the reference looks for names that it has in no order. */
const unordered =
  /(unknown instruction: |unknown flag: --|unsupported (?:mount type|sharing value) "|FROM argument ')([^\s"'=]+)(.*?) \(did you mean ([^\s?]+)\?\)/g;

/** The text with such suggestions by how near they are: of names that are equally near any may be suggested. */
export function anySuggestion(text: string): string {
  return text.replace(unordered, (_, before: string, written: string, after: string, meant: string) => {
    const distance = editDistance(written.toLowerCase(), meant.toLowerCase());
    return `${before}${written}${after} (did you mean one ${distance} away?)`;
  });
}
