// Matches the modifiers of ${…} in frontend/dockerfile/shell/lex.go.
import { assertNever } from '../../base/errors.ts';
import { compilePattern, type Glob, reversePattern } from './pattern.ts';

export type Modifier =
  | {
      readonly kind: '+' | '-' | '?' | '#' | '%';
      readonly name: string;
      readonly word: string;
      /** Written with a colon: an empty value counts as none. */
      readonly nullIsUnset: boolean;
    }
  | { readonly kind: '/'; readonly pattern: string; readonly replacement: string; readonly all: boolean };

/** The value of `${name<modifier>}`; `value` is undefined when the variable is not set. */
export function applyModifier(modifier: Modifier, value: string | undefined): string {
  if (modifier.kind === '/') return replace(modifier, value ?? '');
  const { kind, name, word, nullIsUnset } = modifier;
  const absent = value === undefined || (nullIsUnset && value === '');
  switch (kind) {
    case '-':
      return absent ? word : value;
    case '+':
      return absent ? '' : word;
    case '?':
      if (!absent) return value;
      throw new Error(
        `${name}: ${word !== '' ? word : `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`}`,
      );
    case '#':
    case '%': {
      const greedy = word.startsWith(kind);
      const pattern = greedy ? word.slice(1) : word;
      return kind === '#' ? trimPrefix(pattern, value ?? '', greedy) : trimSuffix(pattern, value ?? '', greedy);
    }
    default:
      return assertNever(kind);
  }
}

function trimPrefix(pattern: string, value: string, greedy: boolean): string {
  const text = Array.from(value);
  const end = compile(pattern, greedy).matchAt(text, 0);
  return end === undefined ? value : text.slice(end).join('');
}

/** Works on the reversed text: only a leftmost search finds the shortest match. */
function trimSuffix(pattern: string, value: string, greedy: boolean): string {
  return reverse(trimPrefix(reversePattern(pattern), reverse(value), greedy));
}

function reverse(text: string): string {
  return Array.from(text.toWellFormed()).reverse().join('');
}

function replace(modifier: Modifier & { kind: '/' }, value: string): string {
  const glob = compile(modifier.pattern, true);
  const text = Array.from(value);
  if (!modifier.all) {
    const match = glob.find(text, 0);
    if (match === undefined) return value;
    return text.slice(0, match.start).join('') + modifier.replacement + text.slice(match.end).join('');
  }
  return replaceAll(glob, text, modifier.replacement);
}

/** Go's ReplaceAllString: an empty match right after a match does not count, and `$0` is the match. */
function replaceAll(glob: Glob, text: readonly string[], template: string): string {
  let out = '';
  let copied = 0;
  for (let from = 0; from <= text.length; ) {
    const match = glob.find(text, from);
    if (match === undefined) break;
    out += text.slice(copied, match.start).join('');
    if (match.end > copied || match.start === 0) out += fill(template, text.slice(match.start, match.end).join(''));
    copied = match.end;
    from = Math.max(from + 1, match.end);
  }
  return out + text.slice(copied).join('');
}

/** Go's Regexp.Expand for an expression without groups: every other reference is empty, `$$` is `$`. */
function fill(template: string, match: string): string {
  return template.replace(
    /\$(?:\$|([\p{L}\p{Nd}_]+)|\{([\p{L}\p{Nd}_]+)\})/gu,
    (whole, bare?: string, braced?: string) => {
      const name = bare ?? braced;
      if (name === undefined) return whole.slice(1);
      return name === '0' ? match : '';
    },
  );
}

function compile(pattern: string, greedy: boolean): Glob {
  try {
    return compilePattern(pattern, greedy);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`invalid pattern (${pattern}) in substitution: ${why}`, { cause: error });
  }
}
