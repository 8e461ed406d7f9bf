// Matches buildx commands/ls.go lsPrint, with docker's formats: a table, or a line of a template for each builder and node.
import { alignColumns } from '../../base/columns.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type { ListedBuilder, NodeState } from '../../index.ts';
import { markedPlatforms } from './platforms.ts';
import { truncatedPlatforms } from './truncated-platforms.ts';

interface Row {
  readonly builder: ListedBuilder;
  /** Undefined for the builder itself. */
  readonly node: NodeState | undefined;
}

interface Style {
  readonly isTable: boolean;
  readonly truncate: boolean;
}

interface Column {
  readonly header: string;
  readonly cell: (row: Row, style: Style) => string;
}

const INDENT = ' \\_ ';

const COLUMNS: ReadonlyMap<string, Column> = new Map<string, Column>([
  ['Name', { header: 'NAME/NODE', cell: nameCell }],
  ['DriverEndpoint', { header: 'DRIVER/ENDPOINT', cell: endpointCell }],
  ['Status', { header: 'STATUS', cell: ({ builder, node }) => node?.status ?? (builder.error ? 'error' : '') }],
  ['LastActivity', { header: 'LAST ACTIVITY', cell: activityCell }],
  ['Buildkit', { header: 'BUILDKIT', cell: ({ node }) => node?.version ?? '' }],
  ['Platforms', { header: 'PLATFORMS', cell: platformsCell }],
  ['Error', { header: '', cell: ({ builder, node }) => node?.error?.message ?? builder.error?.message ?? '' }],
]);

const TABLE = '{{.Name}}\\t{{.DriverEndpoint}}\\t{{.Status}}\\t{{.Buildkit}}\\t{{.Platforms}}';

/** Builders in `format`: `table`, `table TEMPLATE` or `TEMPLATE`. Throws INVALID_ARGUMENT and UNSUPPORTED. */
export function builderTable(builders: readonly ListedBuilder[], format: string, truncate: boolean): string {
  const isTable = format.startsWith('table');
  const template = readTemplate(isTable ? format.slice('table'.length).trim() || TABLE : format);
  const rows = builders.flatMap((builder): Row[] => [
    { builder, node: undefined },
    ...builder.nodes.map((node) => ({ builder, node })),
  ]);
  const lines = rows.map((row) => template(({ cell }) => cell(row, { isTable, truncate })));
  if (!isTable) return lines.map((line) => `${line}\n`).join('');
  const all = [template(({ header }) => header), ...lines].flatMap((line) => line.split('\n'));
  return alignColumns(
    all.map((line) => line.split('\t')),
    3,
    10,
  );
}

type Template = (fill: (column: Column) => string) => string;

/** Text with `{{.Field}}` in it: what else Go's templates can do is not needed for a list. */
function readTemplate(text: string): Template {
  const parts = text
    .replaceAll('\\t', '\t')
    .replaceAll('\\n', '\n')
    .split(/(\{\{.*?\}\})/);
  const read = parts.map((part): string | Column => {
    if (!part.startsWith('{{')) return part;
    const name = /^\{\{-?\s*\.(\w+)\s*-?\}\}$/.exec(part)?.[1];
    if (name === undefined) {
      const known = [...COLUMNS.keys()].map((column) => `{{.${column}}}`).join(' ');
      throw new TsbuildxError('UNSUPPORTED', `--format: ${part} is not supported, only ${known}, "json" and "table"`);
    }
    const column = COLUMNS.get(name);
    if (column === undefined) {
      throw new TsbuildxError('INVALID_ARGUMENT', `template parsing error: can't evaluate field ${name}`);
    }
    return column;
  });
  return (fill) => read.map((part) => (typeof part === 'string' ? part : fill(part))).join('');
}

function nameCell({ builder, node }: Row, { isTable }: Style): string {
  if (node !== undefined) return `${isTable ? INDENT : ''}${node.name}`;
  return `${builder.name}${builder.current && isTable ? '*' : ''}`;
}

function endpointCell({ builder, node }: Row, { isTable }: Style): string {
  return node === undefined ? builder.driver : `${isTable ? INDENT : ''}${node.endpoint}`;
}

function activityCell({ builder, node }: Row): string {
  return node === undefined ? (builder.lastActivity?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '') : '';
}

function platformsCell({ node }: Row, { isTable, truncate }: Style): string {
  if (node === undefined) return '';
  const platforms = markedPlatforms(node);
  return truncate && isTable ? truncatedPlatforms(platforms) : platforms.join(', ');
}
