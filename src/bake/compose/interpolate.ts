// Matches compose-go interpolation/interpolation.go.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { casts } from './casts.ts';
import { InvalidTemplate, substitute, type SubstituteOptions } from './template.ts';
import { listItem, pathText, type TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, isMap } from './value.ts';

interface Failure {
  readonly path: TreePath;
  readonly message: string;
}

/** A copy with all variables replaced. Throws INVALID_ARGUMENT with everything that is wrong, sorted by path, a line each. */
export function interpolate(model: ComposeMap, options: SubstituteOptions): ComposeMap {
  const failures: Failure[] = [];
  const result = interpolateMap(model, [], options, failures);
  if (failures.length === 0) return result;
  throw new TsbuildxError('INVALID_ARGUMENT', failures.map(({ message }) => message).join('\n'));
}

function interpolateMap(
  model: ComposeMap,
  path: TreePath,
  options: SubstituteOptions,
  failures: Failure[],
): ComposeMap {
  const groups: Failure[][] = [];
  const result: ComposeMap = new Map();
  for (const [key, value] of model) {
    const own: Failure[] = [];
    result.set(key, interpolateValue(value, [...path, key], options, own));
    if (own.length > 0) groups.push(own);
  }
  failures.push(...groups.sort(([a], [b]) => comparePaths(a?.path ?? [], b?.path ?? [])).flat());
  return result;
}

function interpolateValue(
  value: ComposeValue,
  path: TreePath,
  options: SubstituteOptions,
  failures: Failure[],
): ComposeValue {
  if (typeof value === 'string') return interpolateText(value, path, options, failures);
  if (isMap(value)) return interpolateMap(value, path, options, failures);
  if (!Array.isArray(value)) return value;
  const itemPath = [...path, listItem];
  return value.map((item) => interpolateValue(item, itemPath, options, failures));
}

function interpolateText(text: string, path: TreePath, options: SubstituteOptions, failures: Failure[]): ComposeValue {
  try {
    const replaced = substitute(text, options);
    return casts.find(path) === undefined ? replaced : castText(replaced, path, options);
  } catch (error) {
    failures.push({ path, message: failureText(error, path) });
    return text;
  }
}

function castText(text: string, path: TreePath, { onWarning }: SubstituteOptions): ComposeValue {
  try {
    return casts.find(path)?.(text, onWarning) ?? text;
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `failed to cast to expected type: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

function failureText(error: unknown, path: TreePath): string {
  if (!(error instanceof InvalidTemplate)) return `error while interpolating ${pathText(path)}: ${messageOf(error)}`;
  const advice = 'You may need to escape any $ with another $.';
  return `invalid interpolation format for ${pathText(path)}.\n${advice}\n${error.template}`;
}

function comparePaths(a: TreePath, b: TreePath): number {
  for (let at = 0; at < Math.min(a.length, b.length); at++) {
    const order = compareUtf8(a[at] ?? '', b[at] ?? '');
    if (order !== 0) return order;
  }
  return a.length - b.length;
}
