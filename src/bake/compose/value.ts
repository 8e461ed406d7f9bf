/** A value of a compose file. Integers are bigint and floats number: Go tells them apart. */
export type ComposeValue = string | bigint | number | boolean | null | ComposeValue[] | ComposeMap;

export type ComposeMap = Map<string, ComposeValue>;

export function isMap(value: ComposeValue | undefined): value is ComposeMap {
  return value instanceof Map;
}

/** The type as Go's `%T` names it, for error texts. */
export function goTypeOf(value: ComposeValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return 'float64';
    case 'boolean':
      return 'bool';
    default:
      return 'map[string]interface {}';
  }
}

/** The text as Go's `fmt.Sprint` has it. */
export function goText(value: ComposeValue): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (isMap(value)) {
    const keys = [...value.keys()].sort();
    return `map[${keys.map((key) => `${key}:${goText(value.get(key) ?? null)}`).join(' ')}]`;
  }
  return typeof value === 'number' ? goFloatText(value) : String(value);
}

/** Shortest form; an exponent below -4 or from 21 on. */
function goFloatText(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(value);
  return `${mantissa}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** A copy that shares nothing. */
export function deepCopy<T extends ComposeValue>(value: T): T;
export function deepCopy(value: ComposeValue): ComposeValue {
  if (Array.isArray(value)) return value.map((item) => deepCopy(item));
  if (isMap(value)) return new Map(Array.from(value, ([key, item]) => [key, deepCopy(item)]));
  return value;
}
