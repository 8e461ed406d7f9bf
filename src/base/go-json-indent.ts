import { goJson, type GoJsonValue } from './go-json.ts';

/** A value as Go's `json.MarshalIndent` writes it with two spaces. */
export function goJsonIndented(value: GoJsonValue): string {
  return indentJson(goJson(value));
}

/** Spreads compact JSON over lines; texts and numbers stay byte for byte as they are, empty lists and objects short. */
export function indentJson(compact: string): string {
  let depth = 0;
  const newline = (): string => `\n${'  '.repeat(depth)}`;
  // A text, an empty list or object, or a single sign.
  return compact.replace(/"(?:[^"\\]|\\.)*"|\[\]|\{\}|[[\]{},:]/g, (token) => {
    switch (token) {
      case '[':
      case '{':
        depth += 1;
        return token + newline();
      case ']':
      case '}':
        depth -= 1;
        return newline() + token;
      case ',':
        return token + newline();
      case ':':
        return ': ';
      default:
        return token;
    }
  });
}
