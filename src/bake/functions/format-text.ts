// Matches function/stdlib/format_fsm.rl of go-cty: text with verbs such as `%-5s` or `%[2]d`.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { ArgumentError, type Value } from '../cty/index.ts';
import { formatVerb, type Verb } from './format-verb.ts';
import { checkTextLength } from './limits.ts';

const verbParts =
  /%(?<flags>[-0#+ ]*)(?<width>[1-9][0-9]*)?(?:\.(?<precision>[0-9]*))?(?:\[(?<argument>[1-9][0-9]*)\])?(?<mode>[a-zA-Z])?/y;
/** Of an argument number that is not whole. */
const partOfArgument = /\[(?:[1-9][0-9]*)?/y;

/** Throws ArgumentError for arguments that no verb uses, INVALID_ARGUMENT for what a verb cannot format. */
export function formatText(template: string, args: readonly Value[]): string {
  let out = '';
  let next = 1;
  let highest = 0;
  for (let at = 0; at < template.length; ) {
    const percent = template.indexOf('%', at);
    if (percent < 0) {
      out += template.slice(at);
      break;
    }
    out += template.slice(at, percent);
    if (template.charAt(percent + 1) === '%') {
      out += '%';
      at = percent + 2;
      continue;
    }
    const verb = readVerb(template, percent, next);
    highest = Math.max(highest, verb.argument);
    out += formatVerb(verb, args);
    checkTextLength(out.length);
    next = verb.argument + 1;
    at = percent + verb.raw.length;
  }
  if (highest < args.length) {
    const why = highest === 0 ? 'no verbs in format string' : `only ${highest} used by format string`;
    throw new ArgumentError(highest + 1, `too many arguments; ${why}`);
  }
  return out;
}

function readVerb(template: string, start: number, next: number): Verb {
  verbParts.lastIndex = start;
  const match = verbParts.exec(template);
  const { flags = '', width, precision, argument, mode } = match?.groups ?? {};
  const raw = match?.[0] ?? '';
  if (mode === undefined) throw badVerb(template, start + raw.length, argument === undefined);
  return {
    raw,
    before: template.slice(0, start),
    argument: argument === undefined ? next : Number(argument),
    mode,
    flags: new Set(flags),
    ...(width !== undefined && { width: Number(width) }),
    ...(precision !== undefined && { precision: Number(precision) }),
  };
}

function badVerb(template: string, end: number, canHaveArgument: boolean): TsbuildxError {
  partOfArgument.lastIndex = end;
  const part = canHaveArgument ? (partOfArgument.exec(template)?.[0].length ?? 0) : 0;
  const at = end + part;
  const offset = Buffer.byteLength(template.slice(0, at));
  const char = template.codePointAt(at);
  const message =
    char === undefined
      ? `invalid format string starting at offset ${offset}`
      : `unrecognized format character ${quotedChar(String.fromCodePoint(char))} at offset ${offset}`;
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** As Go's `%q` prints a character. */
function quotedChar(char: string): string {
  if (char === "'") return "'\\''";
  return char === '"' ? `'"'` : `'${goQuote(char).slice(1, -1)}'`;
}
