// Matches convertShellPatternToRegex of frontend/dockerfile/shell/lex.go, as a matcher of its own: linear in
// pattern × text, whatever the pattern, which the regular expressions at hand are not.

interface Match {
  readonly start: number;
  readonly end: number;
}

/** A compiled pattern, over text as a list of characters. */
export interface Glob {
  /** Where a match that starts exactly at `at` ends. */
  matchAt(text: readonly string[], at: number): number | undefined;
  /** The leftmost match from `from` on. */
  find(text: readonly string[], from: number): Match | undefined;
}

type Token = { readonly literal: string } | 'any' | 'star';

/** Compiles `*`, `?` and `\` escapes; wildcards do not match a newline. Throws on an escape of anything else. */
export function compilePattern(pattern: string, greedy: boolean): Glob {
  const tokens = tokenize(pattern);
  return {
    matchAt: (text, at) => match(tokens, greedy, text, at, new Set()),
    find: (text, from) => {
      const failed = new Set<number>();
      for (let start = from; start <= text.length; start++) {
        const end = match(tokens, greedy, text, start, failed);
        if (end !== undefined) return { start, end };
      }
      return undefined;
    },
  };
}

function tokenize(pattern: string): Token[] {
  const chars = Array.from(pattern);
  const tokens: Token[] = [];
  for (let i = 0; i < chars.length; i++) {
    const ch = chars[i] ?? '';
    if (ch === '*') tokens.push('star');
    else if (ch === '?') tokens.push('any');
    else if (ch !== '\\') tokens.push({ literal: ch });
    else if (chars[i + 1] !== '}' && chars[i + 1] !== '/') {
      // `\}` and `\/` only keep the substitution itself from ending; their escape is no part of the pattern.
      const escaped = chars[++i];
      if (escaped !== '*' && escaped !== '?' && escaped !== '\\')
        throw new Error(`invalid escape '\\${escaped ?? '\uFFFD'}'`);
      tokens.push({ literal: escaped });
    }
  }
  return tokens;
}

/** Backtracks over the stars in order of preference; a state that failed once is not tried again. */
function match(
  tokens: readonly Token[],
  greedy: boolean,
  text: readonly string[],
  start: number,
  failed: Set<number>,
): number | undefined {
  const open: number[] = [0, start];
  const width = text.length + 1;
  while (open.length > 0) {
    let at = open.pop() ?? 0;
    let index = open.pop() ?? 0;
    while (index < tokens.length) {
      const token = tokens[index];
      if (token === 'star') {
        const state = index * width + at;
        if (failed.has(state)) break;
        failed.add(state);
        const more = at < text.length && text[at] !== '\n';
        if (greedy && more) {
          open.push(index + 1, at);
          at++;
        } else {
          if (more) open.push(index, at + 1);
          index++;
        }
      } else if (at < text.length && (token === 'any' ? text[at] !== '\n' : text[at] === token?.literal)) {
        at++;
        index++;
      } else break;
    }
    if (index === tokens.length) return at;
  }
  return undefined;
}

/** The pattern backwards, escapes kept in front of what they escape. */
export function reversePattern(pattern: string): string {
  const chars = Array.from(pattern.toWellFormed());
  const out: string[] = [];
  for (let i = 0; i < chars.length; i++) {
    const ch = chars[i] ?? '';
    out.push(ch === '\\' && i < chars.length - 1 ? ch + (chars[++i] ?? '') : ch);
  }
  return out.reverse().join('');
}
