// Matches printTargetList and printVars of buildx commands/bake.go.
import { alignColumns } from '../../base/columns.ts';
import { csvFields } from '../../base/csv-fields.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { compareUtf8, type GoJsonValue } from '../../base/go-json.ts';
import { flagField, textField } from '../../base/go-json-fields.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import { goQuote } from '../../base/go-quote.ts';
import { cut } from '../../values/index.ts';
import type { Definition } from './target.ts';

/** What is listed, and how. */
export interface ListRequest {
  readonly type: 'targets' | 'variables';
  readonly format: 'table' | 'json';
}

/** A variable that files define. */
export interface ListedVariable {
  readonly name: string;
  /** Empty: it has none. */
  readonly type: string;
  /** Undefined: null. */
  readonly value: string | undefined;
  readonly description: string;
}

/** `--list` texts: `targets`, or `type=targets,format=json`. Throws INVALID_ARGUMENT. */
export function parseList(text: string): ListRequest {
  const fields = csvFields(text);
  const isPlain = fields.length === 1 && fields[0] === text && !text.startsWith('type=');
  let [type, format] = [isPlain ? text : '', ''];
  for (const field of isPlain ? [] : fields) {
    const [name, value] = cut(field);
    const key = name.toLowerCase().trim();
    if (value === undefined) throw invalid(`invalid value ${field}`);
    if (key === 'type') type = value;
    else if (key === 'format') format = value;
    else throw invalid(`unexpected key '${key}' in '${field}'`);
  }
  if (type !== 'targets' && type !== 'variables') throw invalid(`invalid list type ${goQuote(type)}`);
  const chosen = format || 'table';
  if (chosen !== 'table' && chosen !== 'json') throw invalid(`invalid list format ${goQuote(chosen)}`);
  return { type, format: chosen };
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** The list of targets and groups, without those that are private by their name. */
export function listTargets({ targets, groups }: Definition, format: ListRequest['format']): string {
  const all = [
    ...targets.map(({ name, description }) => ({ name, description, isGroup: false })),
    ...groups.map((group) => ({ name: group.name, description: groupDescription(group), isGroup: true })),
  ];
  const shown = all.sort((a, b) => compareUtf8(a.name, b.name)).filter(({ name }) => !name.startsWith('_'));
  if (format === 'table') {
    return table([['TARGET', 'DESCRIPTION'], ...shown.map(({ name, description }) => [name, description])]);
  }
  const entries = shown.map(({ name, description, isGroup }) => ({
    name,
    description: textField(description),
    group: flagField(isGroup),
  }));
  return entries.length === 0 ? 'null\n' : json(entries);
}

function groupDescription({ description, targets }: Definition['groups'][number]): string {
  const names = (targets ?? []).toSorted(compareUtf8).join(', ');
  if (names === '') return description;
  return description === '' ? names : `${description} (${names})`;
}

/** Undefined: no file could define one. */
export function listVariables(variables: readonly ListedVariable[] | undefined, format: ListRequest['format']): string {
  if (variables === undefined && format === 'json') return 'null\n';
  const sorted = (variables ?? []).toSorted((a, b) => compareUtf8(a.name, b.name));
  if (format === 'table') {
    const rows = sorted.map(({ name, type, value, description }) => [name, type, value ?? '<null>', description]);
    return table([['VARIABLE', 'TYPE', 'VALUE', 'DESCRIPTION'], ...rows]);
  }
  return json(
    sorted.map(({ name, type, value, description }) => ({
      name,
      description: textField(description),
      type: textField(type),
      value,
    })),
  );
}

function json(entries: readonly GoJsonValue[]): string {
  return `${goJsonIndented(entries)}\n`;
}

/** Tabs and newlines in a cell part cells and rows. */
function table(rows: readonly (readonly string[])[]): string {
  const lines = rows
    .map((row) => row.join('\t'))
    .join('\n')
    .split('\n');
  return alignColumns(
    lines.map((line) => line.split('\t')),
    1,
    { tabs: true },
  );
}
