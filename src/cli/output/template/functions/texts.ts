// Matches print, html, js, urlquery, and, or and not of Go's text/template/funcs.go.
import { escapeGoQuery } from '../../../../base/go-url.ts';
import { isPrintable } from '../../../../base/go-unicode.ts';
import { printedLine, printedTogether } from '../format/print.ts';
import { formatted } from '../format/printf.ts';
import { type Functions, templateFunction } from '../run/functions.ts';
import { anyType, stringType, valueType } from '../values/go-type.ts';
import {
  type BoundFunction,
  boolValue,
  type GoValue,
  indirect,
  isTrue,
  stringValue,
  withoutInterface,
} from '../values/go-value.ts';

type Values = readonly (GoValue | undefined)[];

export const texts: Functions = new Map<string, BoundFunction>([
  // these two are answered before all of their arguments are known
  ['and', templateFunction([valueType, valueType], ([value]) => value, { isVariadic: true })],
  ['or', templateFunction([valueType, valueType], ([value]) => value, { isVariadic: true })],
  ['not', templateFunction([valueType], ([value]) => boolValue(!isTrue(withoutInterface(value))))],
  ['print', ofValues(printedTogether)],
  ['println', ofValues(printedLine)],
  [
    'printf',
    templateFunction(
      [stringType, anyType],
      ([format, ...values]) => stringValue(formatted(format?.kind === 'string' ? format.value : '', values)),
      { isVariadic: true },
    ),
  ],
  ['html', ofValues((values) => htmlEscaped(joined(values)))],
  ['js', ofValues((values) => jsEscaped(joined(values)))],
  ['urlquery', ofValues((values) => escapeGoQuery(joined(values)))],
]);

function ofValues(text: (values: Values) => string): BoundFunction {
  return templateFunction([anyType], (values) => stringValue(text(values)), { isVariadic: true });
}

function joined(values: Values): string {
  return printedTogether(
    values.map((value) => {
      if (value === undefined) return stringValue('<no value>');
      return value.kind === 'pointer' ? indirect(value) : value;
    }),
  );
}

const HTML: ReadonlyMap<string, string> = new Map([
  ['\0', '\ufffd'],
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
]);

function htmlEscaped(text: string): string {
  return text.replace(/[\0"'&<>]/g, (char) => HTML.get(char) ?? char);
}

function jsEscaped(text: string): string {
  let out = '';
  for (const char of text) out += jsCharacter(char);
  return out;
}

function jsCharacter(char: string): string {
  if (char === '\\' || char === "'" || char === '"') return `\\${char}`;
  if (char > '\x7f' ? isPrintable(char) : char >= ' ' && !'<>&='.includes(char)) return char;
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return `\\u${char.isWellFormed() ? code.padStart(4, '0') : 'FFFD'}`;
}
