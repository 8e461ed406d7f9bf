// Matches docker/cli cli/command/formatter/formatter.go: what `--format` of a list can be.
import { alignColumns } from '../../base/columns.ts';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { textWidth } from '../../progress/index.ts';
import { dictionary, dockerTemplate, type GoValue, stringType, stringValue, text } from './template/index.ts';

/** A format as docker reads it: `json`, `table TEMPLATE` or `TEMPLATE`. */
export interface DockerFormat {
  readonly text: string;
  readonly isTable: boolean;
  readonly isJson: boolean;
}

export function dockerFormat(format: string): DockerFormat {
  return { text: format, isTable: format.startsWith('table'), isJson: format === 'json' };
}

const HEADER = dictionary(text, 'formatter.SubHeaderContext', {
  Label: {
    type: { kind: 'func', name: 'func(string) string', parameters: [stringType], isVariadic: false },
    call: (_, [name]) => stringValue(name?.kind === 'string' ? labelHeader(name.value) : ''),
  },
});

/**
 * All rows, each as the format shows it. A table begins with the names of its columns, which `headers` has by field.
 * Throws INVALID_ARGUMENT for a template that cannot be read, or does not go with the rows.
 */
export function formatRows(
  format: DockerFormat,
  rows: Iterable<GoValue>,
  headers: Readonly<Record<string, string>>,
): string {
  const lines: string[] = [];
  const template = told(() => dockerTemplate(templateOf(format)));
  for (const row of rows) lines.push(`${told(() => template.render(row))}\n`);
  if (!format.isTable) return lines.join('');
  const head = template.renderHeader(HEADER.of(Object.entries(headers)));
  const all = `${head}\n${lines.join('')}`.replace(/\n$/, '').split('\n');
  return alignColumns(
    all.map((line) => line.split('\t')),
    3,
    { least: 10, widthOf: textWidth },
  );
}

function templateOf({ text: format, isTable, isJson }: DockerFormat): string {
  if (isJson) return '{{json .}}';
  const template = isTable ? format.slice('table'.length) : format;
  return template.replace(/^ +| +$/g, '').replaceAll(/\\t|\\n/g, (escape) => (escape === '\\t' ? '\t' : '\n'));
}

/** The last part of a label's name. */
function labelHeader(name: string): string {
  return (name.split('.').at(-1) ?? '').replaceAll(/[-_]/g, ' ');
}

function told<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof TsbuildxError) throw wrap(error.code, 'template parsing error', error);
    throw error;
  }
}
