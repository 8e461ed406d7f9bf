/** Where two JSON values differ, one line a field: `path: expected …, got …`. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (Object.is(expected, actual)) return [];
  if (Array.isArray(expected) && Array.isArray(actual)) return listDifferences(expected, actual, path);
  if (isRecord(expected) && isRecord(actual)) return recordDifferences(expected, actual, path);
  return [`${path === '' ? '(all)' : path}: expected ${shown(expected)}, got ${shown(actual)}`];
}

function listDifferences(expected: readonly unknown[], actual: readonly unknown[], path: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < Math.max(expected.length, actual.length); i++) {
    found.push(...differences(expected[i], actual[i], `${path}[${i}]`));
  }
  return found;
}

function recordDifferences(
  expected: Readonly<Record<string, unknown>>,
  actual: Readonly<Record<string, unknown>>,
  path: string,
): string[] {
  const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  const found: string[] = [];
  for (const name of names) {
    found.push(...differences(expected[name], actual[name], path === '' ? name : `${path}.${name}`));
  }
  return found;
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 300 ? `${text.slice(0, 300)}…` : text;
}
