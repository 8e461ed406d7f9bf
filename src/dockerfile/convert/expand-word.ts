import { type EnvGetter, expandWord, isExpansionError, type LexOptions, type WordExpansion } from '../shell/index.ts';

/** Expands a word and tells which names it looked up in vain, also when it cannot be expanded. */
export function expandTelling(
  word: string,
  env: EnvGetter,
  lex: LexOptions,
  tell: (unmatched: ReadonlySet<string>) => void,
): WordExpansion {
  try {
    const expansion = expandWord(word, env, lex);
    tell(expansion.unmatched);
    return expansion;
  } catch (error) {
    if (isExpansionError(error)) tell(error.unmatched);
    throw error;
  }
}
