// Matches docker/cli templates/templates.go: what docker adds to Go's functions, and how headers of tables use them.
import { decodeBytes, encodeBytes } from '../../../../base/go-bytes.ts';
import { compareUtf8 } from '../../../../base/go-json.ts';
import { title } from '../../../../base/go-title.ts';
import { toLower, toUpper } from '../../../../base/go-unicode.ts';
import { printed } from '../format/print.ts';
import { type Functions, templateFunction } from '../run/functions.ts';
import { anyType, intType, listType, stringType } from '../values/go-type.ts';
import { type BoundFunction, type GoValue, stringValue } from '../values/go-value.ts';
import { jsonText } from '../values/json.ts';

type Maybe = GoValue | undefined;

export const dockerFunctions: Functions = new Map<string, BoundFunction>([
  ['json', templateFunction([anyType], ([value]) => stringValue(jsonText(value)))],
  ['split', templateFunction([stringType, stringType], ([text, separator]) => split(textOf(text), textOf(separator)))],
  [
    'join',
    templateFunction([anyType, stringType], ([items, separator]) => stringValue(join(items, textOf(separator)))),
  ],
  ['title', ofText(title)],
  ['lower', ofText(toLower)],
  ['upper', ofText(toUpper)],
  [
    'pad',
    templateFunction([stringType, intType, intType], ([text, before, behind]) =>
      stringValue(pad(textOf(text), numberOf(before), numberOf(behind))),
    ),
  ],
  [
    'truncate',
    templateFunction([stringType, intType], ([text, length]) => stringValue(truncate(textOf(text), numberOf(length)))),
  ],
]);

const first = ([text]: readonly Maybe[]): Maybe => text;

/** For the names of columns, which stay as they are. */
export const headerFunctions: Functions = new Map<string, BoundFunction>([
  ['json', templateFunction([stringType], first)],
  ['split', templateFunction([stringType, stringType], first)],
  ['join', templateFunction([stringType, stringType], first)],
  ['title', templateFunction([stringType], first)],
  ['lower', templateFunction([stringType], first)],
  ['upper', templateFunction([stringType], first)],
  ['truncate', templateFunction([stringType, intType], first)],
]);

function ofText(change: (text: string) => string): BoundFunction {
  return templateFunction([stringType], ([text]) => stringValue(change(textOf(text))));
}

function textOf(value: Maybe): string {
  return value?.kind === 'string' ? value.value : '';
}

function numberOf(value: Maybe): number {
  return value?.kind === 'int' ? Number(value.value) : 0;
}

function split(text: string, separator: string): GoValue {
  const parts = separator === '' ? Array.from(text) : text.split(separator);
  return { kind: 'slice', type: listType(stringType), items: parts.map(stringValue) };
}

function join(items: Maybe, separator: string): string {
  if (items === undefined) return '';
  if (items.kind === 'slice') return (items.items ?? []).map(printed).join(separator);
  if (items.kind !== 'map') throw new Error(`expected slice, got ${items.type.name}`);
  return Array.from(items.entries?.values() ?? [], printed)
    .toSorted(compareUtf8)
    .join(separator);
}

function pad(text: string, before: number, behind: number): string {
  if (text === '') return text;
  if (before < 0 || behind < 0) throw new Error('strings: negative Repeat count');
  return ' '.repeat(before) + text + ' '.repeat(behind);
}

/** Counts bytes. */
function truncate(text: string, length: number): string {
  const bytes = encodeBytes(text);
  if (bytes.length < length) return text;
  if (length < 0) throw new Error(`runtime error: slice bounds out of range [:${length}]`);
  return decodeBytes(bytes.subarray(0, length));
}
