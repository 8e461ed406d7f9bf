// Matches function/stdlib/regexp.go of go-cty: RE2 patterns, which match in linear time.
import type { RE2JS } from 're2js';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import {
  ArgumentError,
  at,
  type FunctionSpec,
  listType,
  listValue,
  nullValue,
  objectType,
  objectValue,
  stringType,
  stringValue,
  tupleType,
  tupleValue,
  type Type,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { withUniqueNames } from './group-names.ts';
import { library } from './libraries.ts';
import { checkElementCount, checkTextLength } from './limits.ts';
import { text } from './parameter.ts';
import { expandTemplate } from './regex-template.ts';

/** Where a match and its groups stand. */
interface Match {
  readonly start: number;
  readonly end: number;
  /** Undefined where a group took no part. */
  readonly groups: readonly (string | undefined)[];
}

interface Pattern {
  readonly regex: RE2JS;
  /** Of the groups; undefined for those without. */
  readonly names: readonly (string | undefined)[];
}

interface SyntaxError {
  readonly error: string;
  readonly input: string | null;
}

function isSyntaxError(error: unknown): error is SyntaxError {
  return typeof error === 'object' && error !== null && 'error' in error && typeof error.error === 'string';
}

function compile(pattern: string, fail: (error: unknown) => TsbuildxError): Pattern {
  try {
    return withNames(pattern);
  } catch (error) {
    if (error instanceof TsbuildxError) throw error;
    const isDuplicate = isSyntaxError(error) && error.error === 'duplicate capture group name';
    const { pattern: unique, original } = withUniqueNames(pattern);
    if (!isDuplicate || unique === pattern) throw fail(error);
    const { regex, names } = compile(unique, fail);
    return { regex, names: names.map((name) => (name === undefined ? name : original.get(name))) };
  }
}

function withNames(pattern: string): Pattern {
  const regex = library('re2js').RE2JS.compile(pattern);
  const names = Array.from({ length: regex.groupCount() }, (): string | undefined => undefined);
  for (const [name, index] of Object.entries(regex.namedGroups())) names[index - 1] = name;
  return { regex, names };
}

function compileArgument(pattern: string): Pattern {
  return compile(pattern, (error) => {
    const why = isSyntaxError(error) ? `${error.error} in ${error.input ?? ''}` : messageOf(error);
    return new ArgumentError(0, `invalid regexp pattern: ${why}`);
  });
}

/** The next match at or behind a place. */
function find({ regex }: Pattern, subject: string, from: number): Match | undefined {
  const matcher = regex.matcher(subject);
  if (!matcher.find(from)) return undefined;
  const groups = Array.from({ length: regex.groupCount() }, (_, i) => matcher.group(i + 1) ?? undefined);
  return { start: matcher.start(), end: matcher.end(), groups };
}

function widthAt(subject: string, index: number): number {
  return (subject.codePointAt(index) ?? 0) > 0xffff ? 2 : 1;
}

/** Matches that do not overlap; an empty one right behind another does not count. */
function* findAll(pattern: Pattern, subject: string): Generator<Match> {
  let previousEnd = -1;
  for (let from = 0; from <= subject.length; ) {
    const match = find(pattern, subject, from);
    if (match === undefined) return;
    const isRepeated = match.end === from && match.start === previousEnd;
    from = match.end === from ? from + widthAt(subject, from) : match.end;
    previousEnd = match.end;
    if (!isRepeated) yield match;
  }
}

/** A text without groups, a tuple of groups without names, an object of groups with names. */
function resultType({ names }: Pattern): Type {
  if (names.length === 0) return stringType;
  const named = names.filter((name) => name !== undefined);
  if (named.length === 0) return tupleType(names.map(() => stringType));
  if (named.length < names.length) {
    throw new ArgumentError(0, 'invalid regexp pattern: cannot mix both named and unnamed capture groups');
  }
  return objectType(named.map((name) => [name, stringType] as const));
}

function result(type: Type, { names }: Pattern, subject: string, match: Match): Value {
  if (type.kind === 'string') return stringValue(subject.slice(match.start, match.end));
  const groups = match.groups.map((group) => (group === undefined ? nullValue(stringType) : stringValue(group)));
  if (type.kind === 'tuple') return tupleValue(groups);
  return objectValue(groups.map((group, i) => [at(names, i) ?? '', group] as const));
}

function regex(patternText: Value, subject: Value): Value {
  const pattern = compileArgument(patternText.asString());
  const type = resultType(pattern);
  const match = find(pattern, subject.asString(), 0);
  if (match !== undefined) return result(type, pattern, subject.asString(), match);
  throw new TsbuildxError('INVALID_ARGUMENT', 'pattern did not match any part of the given string');
}

function regexAll(patternText: Value, subject: Value): Value {
  const pattern = compileArgument(patternText.asString());
  const type = resultType(pattern);
  const results: Value[] = [];
  for (const match of findAll(pattern, subject.asString())) {
    results.push(result(type, pattern, subject.asString(), match));
    checkElementCount(results.length * (1 + pattern.names.length));
  }
  return listValue(results, type);
}

function regexReplace(subject: string, patternText: string, replacement: string): string {
  const pattern = compile(patternText, (error) => new TsbuildxError('INVALID_ARGUMENT', messageOf(error)));
  let out = '';
  let copied = 0;
  for (let from = 0; from <= subject.length; ) {
    const match = find(pattern, subject, from);
    if (match === undefined) break;
    out += subject.slice(copied, match.start);
    // Not for an empty match right behind another match.
    if (match.end > copied || match.start === 0) {
      out += expandTemplate(replacement, subject.slice(match.start, match.end), match.groups, pattern.names);
    }
    checkTextLength(out.length);
    copied = match.end;
    from = Math.max(match.end, from + widthAt(subject, from));
  }
  return out + subject.slice(copied);
}

export const regexFunctions: Readonly<Record<string, FunctionSpec>> = {
  regex: define({ parameters: [text('pattern'), text('string')], run: regex }),
  regex_replace: define({
    parameters: [text('str'), text('pattern'), text('replace')],
    returns: stringType,
    run: (str: Value, pattern: Value, replacement: Value) =>
      stringValue(regexReplace(str.asString(), pattern.asString(), replacement.asString())),
  }),
  regexall: define({
    parameters: [text('pattern'), text('string')],
    returns: listType(stringType),
    run: regexAll,
  }),
};
