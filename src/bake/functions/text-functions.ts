// Matches function/stdlib/string.go and string_replace.go of go-cty, without regular expressions.
import { TsbuildxError } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { title } from '../../base/go-title.ts';
import { toLower, toUpper, trimSpace } from '../../base/go-unicode.ts';
import {
  ArgumentError,
  type FunctionSpec,
  integerValue,
  listType,
  listValue,
  numberType,
  stringType,
  stringValue,
  type Value,
} from '../cty/index.ts';
import { define } from './define.ts';
import { graphemes } from './graphemes.ts';
import { checkElementCount, checkTextLength } from './limits.ts';
import { number, parameter, text, texts } from './parameter.ts';
import { wholeNumber } from './whole-number.ts';

/** A function of texts that gives a text. */
function ofTexts(names: readonly string[], run: (...values: string[]) => string): FunctionSpec {
  return define({
    parameters: names.map((name) => parameter(name, stringType, { allowsDynamic: true })),
    returns: stringType,
    run: (...values: Value[]) => stringValue(run(...values.map((value) => value.asString()))),
  });
}

/** Without characters of the set at both ends. */
function trim(value: string, set: string): string {
  const chars = Array.from(value);
  const cut = new Set(set);
  const start = chars.findIndex((char) => !cut.has(char));
  if (start < 0) return '';
  return chars.slice(start, chars.findLastIndex((char) => !cut.has(char)) + 1).join('');
}

function replaceAll(value: string, part: string, replacement: string): string {
  const parts = part === '' ? ['', ...Array.from(value), ''] : value.split(part);
  checkTextLength(value.length + parts.length * replacement.length);
  return parts.join(replacement);
}

/** Go cuts between characters, JavaScript between UTF-16 units. */
function split(separator: string, value: string): string[] {
  return separator === '' ? Array.from(value) : value.split(separator);
}

function indent(spaces: number, value: string): string {
  if (spaces < 0) throw new TsbuildxError('INVALID_ARGUMENT', 'the number of spaces must not be negative');
  const lines = value.split('\n');
  checkTextLength(value.length + (lines.length - 1) * spaces);
  return lines.length === 1 ? value : lines.join(`\n${' '.repeat(spaces)}`);
}

function substr(value: string, offset: number, length: number): string {
  const clusters = graphemes(value);
  // An offset before the start counts as the start.
  const start = offset < 0 ? Math.max(0, offset + clusters.length) : offset;
  // Go does not look at a length of zero behind a negative offset.
  if (length < 0 || (length === 0 && offset < 0)) return clusters.slice(start).join('');
  return clusters.slice(start, start + length).join('');
}

function join(separator: Value, lists: readonly Value[]): string {
  if (lists.length === 0) throw new TsbuildxError('INVALID_ARGUMENT', 'at least one list is required');
  const parts: string[] = [];
  for (const [index, list] of lists.entries()) {
    for (const [i, element] of list.asElements().entries()) {
      if (element.isNull) {
        const which = lists.length > 1 ? `element ${i} of list ${index + 1}` : `element ${i}`;
        throw new ArgumentError(index + 1, `${which} is null; cannot concatenate null values`);
      }
      parts.push(element.asString());
    }
  }
  const glue = separator.asString();
  checkTextLength(parts.reduce((length, part) => length + part.length + glue.length, 0));
  return parts.join(glue);
}

function sort(list: Value): Value {
  const elements = list.asElements();
  const hole = elements.findIndex((element) => element.isNull);
  if (hole >= 0) {
    throw new TsbuildxError('INVALID_ARGUMENT', `given list element ${hole} is null; a null string cannot be sorted`);
  }
  const sorted = elements.map((element) => element.asString()).sort(compareUtf8);
  return listValue(sorted.map(stringValue), stringType);
}

export const textFunctions: Readonly<Record<string, FunctionSpec>> = {
  chomp: ofTexts(['str'], (value) => value.slice(0, value.length - trailingNewlines(value))),
  indent: define({
    parameters: [number('spaces'), text('str')],
    returns: stringType,
    run: (spaces: Value, str: Value) => stringValue(indent(wholeNumber(spaces), str.asString())),
  }),
  join: define({
    parameters: [text('separator')],
    variadic: texts('lists'),
    returns: stringType,
    looksInside: true,
    run: (separator: Value, ...lists: Value[]) => stringValue(join(separator, lists)),
  }),
  lower: ofTexts(['str'], toLower),
  replace: ofTexts(['str', 'substr', 'replace'], replaceAll),
  reverse: ofTexts(['str'], (value) => graphemes(value).reverse().join('')),
  sort: define({ parameters: [texts('list')], returns: listType(stringType), looksInside: true, run: sort }),
  split: define({
    parameters: [text('separator'), text('str')],
    returns: listType(stringType),
    run: (separator: Value, str: Value) => {
      const parts = split(separator.asString(), str.asString());
      checkElementCount(parts.length);
      return listValue(parts.map(stringValue), stringType);
    },
  }),
  strlen: define({
    parameters: [parameter('str', stringType, { allowsDynamic: true })],
    returns: numberType,
    run: (str: Value) => integerValue(graphemes(str.asString()).length),
  }),
  substr: define({
    parameters: [
      parameter('str', stringType, { allowsDynamic: true }),
      ...['offset', 'length'].map((name) => parameter(name, numberType, { allowsDynamic: true })),
    ],
    returns: stringType,
    run: (str: Value, offset: Value, length: Value) =>
      stringValue(substr(str.asString(), wholeNumber(offset), wholeNumber(length))),
  }),
  title: ofTexts(['str'], title),
  trim: ofTexts(['str', 'cutset'], trim),
  trimprefix: ofTexts(['str', 'prefix'], (value, prefix) =>
    value.startsWith(prefix) ? value.slice(prefix.length) : value,
  ),
  trimspace: ofTexts(['str'], trimSpace),
  trimsuffix: ofTexts(['str', 'suffix'], (value, suffix) =>
    value.endsWith(suffix) ? value.slice(0, value.length - suffix.length) : value,
  ),
  upper: ofTexts(['str'], toUpper),
};

function trailingNewlines(value: string): number {
  let count = 0;
  while (count < value.length && /[\r\n]/.test(value.charAt(value.length - 1 - count))) count++;
  return count;
}
