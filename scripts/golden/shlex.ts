// Word expansion: {word, env, escapeToken, …} → {ok, result, words, matched, unmatched, err, wordsErr}.
import {
  envFromList,
  type EscapeToken,
  expandWord,
  expandWords,
  isExpansionError,
  type LexOptions,
} from '../../src/dockerfile/shell/index.ts';
import type { GoldenMode, GoldenRequest } from './mode.ts';

export const mode: GoldenMode = {
  run: (request) => {
    const { id, word } = request;
    const text = typeof word === 'string' ? word : '';
    const env = envFromList(strings(request['env']));
    const options = optionsOf(request);
    const single = attempt(() => expandWord(text, env, options));
    const split = attempt(() => expandWords(text, env, options));
    return {
      id,
      ok: single.error === undefined,
      result: single.value?.result ?? '',
      words: split.value ?? [],
      matched: sorted((single.value ?? single.error)?.matched),
      unmatched: sorted((single.value ?? single.error)?.unmatched),
      err: single.error?.message,
      wordsErr: split.error?.message,
    };
  },
};

type Attempt<T> =
  | { readonly value: T; readonly error?: undefined }
  | { readonly value?: undefined; readonly error: ExpansionFailure };

interface ExpansionFailure extends Error {
  readonly matched: ReadonlySet<string>;
  readonly unmatched: ReadonlySet<string>;
}

function attempt<T>(run: () => T): Attempt<T> {
  try {
    return { value: run() };
  } catch (error) {
    if (isExpansionError(error)) return { error };
    throw error;
  }
}

function optionsOf(request: GoldenRequest): LexOptions {
  const escapeToken: EscapeToken = request['escapeToken'] === '`' ? '`' : '\\';
  return {
    escapeToken,
    rawQuotes: request['rawQuotes'] === true,
    rawEscapes: request['rawEscapes'] === true,
    skipUnsetEnv: request['skipUnsetEnv'] === true,
    skipProcessQuotes: request['skipProcessQuotes'] === true,
  };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

function sorted(names: ReadonlySet<string> | undefined): string[] {
  return [...(names ?? [])].sort();
}
