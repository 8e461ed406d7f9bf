// Matches pelletier/go-toml v2 marshaler.go with its defaults: the same bytes, so that both programs store one file.
import { TsbuildxError } from '../../base/errors.ts';

export type Table = Record<string, unknown>;

/** A document of TOML: integers are bigints, numbers are floats. Throws INVALID_ARGUMENT for values that TOML has not. */
export function formatToml(document: Readonly<Table>): string {
  return table([], document);
}

function table(path: readonly string[], value: Table): string {
  const entries = Object.entries(value).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const plain = entries.filter(([, item]) => !isTable(item) && !isTables(item));
  const nested = entries.filter(([, item]) => isTable(item) || isTables(item));
  const lines = plain.map(([key, item]) => `${keyText(key)} = ${valueText(item)}\n`).join('');
  const tables = nested.map(([key, item]) => {
    const inner = [...path, key];
    const name = inner.map(keyText).join('.');
    if (isTable(item)) return `[${name}]\n${table(inner, item)}`;
    return isTables(item) ? item.map((one) => `[[${name}]]\n${table(inner, one)}`).join('\n') : '';
  });
  const gap = lines !== '' && tables.length > 0 ? '\n' : '';
  return lines + gap + tables.join('\n');
}

function valueText(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return stringText(value);
    case 'bigint':
    case 'boolean':
      return String(value);
    case 'number':
      return floatText(value);
    default:
      break;
  }
  if (value instanceof Date) return dateText(value);
  if (Array.isArray(value)) return `[${value.map(valueText).join(', ')}]`;
  if (isTable(value)) {
    const entries = Object.entries(value).toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    return `{${entries.map(([key, item]) => `${keyText(key)} = ${valueText(item)}`).join(', ')}}`;
  }
  throw new TsbuildxError('INVALID_ARGUMENT', `toml: cannot encode value of type ${typeof value}`);
}

/** smol-toml's dates know which of TOML's four kinds they are; their milliseconds are shown without zeros at the end. */
function dateText(value: Date): string {
  return value
    .toISOString()
    .replace(/\.(\d*?)0*(?=Z|[+-]|$)/, (_, digits: string) => (digits === '' ? '' : `.${digits}`));
}

function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  if (Object.is(value, -0)) return '-0.0';
  if (Number.isInteger(value)) return `${BigInt(value)}.0`;
  const [digits = '', exponent] = String(value).split('e-');
  if (exponent === undefined) return digits;
  const decimals = digits.split('.')[1]?.length ?? 0;
  return value.toFixed(Math.min(100, decimals + Number(exponent)));
}

function keyText(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : stringText(key);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '"': '\\"',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
};

function stringText(text: string): string {
  const characters = Array.from(text);
  if (!characters.some((character) => character === "'" || (isControl(character) && character !== '\t'))) {
    return `'${text}'`;
  }
  const escaped = characters.map(
    (character) => ESCAPES[character] ?? (isControl(character) ? hex(character) : character),
  );
  return `"${escaped.join('')}"`;
}

function isControl(character: string): boolean {
  return character < ' ' || character === '\u007f';
}

function hex(character: string): string {
  return `\\u00${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;
}

export function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

/** What becomes an array of tables; an empty array is a plain value. */
function isTables(value: unknown): value is readonly Table[] {
  return Array.isArray(value) && value.length > 0 && value.every(isTable);
}
