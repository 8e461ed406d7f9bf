// Calls a function of bake files as an expression would, with arguments written as JSON.
import assert from 'node:assert/strict';
import {
  ArgumentError,
  convertValue,
  type FunctionSpec,
  type Value,
  valueFromJson,
  valueToJson,
} from '../../src/bake/cty/index.ts';
import { loadFunctionLibraries, standardFunctions } from '../../src/bake/functions/index.ts';

await loadFunctionLibraries(['regex', 'bcrypt']);

export const bakeFunctions: ReadonlyMap<string, FunctionSpec> = standardFunctions({
  now: () => 1_690_328_596.7,
  random: (count) => new Uint8Array(count).fill(0xab),
  homeDirectory: '/home/me',
});

/** Converts the arguments and calls. Throws what the function throws. */
export function callBakeFunction(name: string, args: readonly Value[]): Value {
  const spec = bakeFunctions.get(name);
  assert.ok(spec !== undefined, `${name} is a function`);
  return spec.call(
    args.map((arg, i) => convertValue(arg, (spec.parameters[i] ?? spec.variadic ?? { type: arg.type }).type)),
  );
}

/** A call such as `join "," ["a"]` in JSON values and spaces, as in the tables of tests; gives JSON or the error's text. */
export function bakeCall(name: string, argsJson: string): string {
  try {
    const args = valueFromJson(`[${argsJson}]`).asElements();
    return valueToJson(callBakeFunction(name, args));
  } catch (error) {
    if (error instanceof ArgumentError) return `argument ${error.index}: ${error.message}`;
    assert.ok(error instanceof Error);
    return `error: ${error.message}`;
  }
}

/** One call a line, `name(arguments) => result`, checked one after the other. */
export function checkBakeCalls(table: string): void {
  for (const line of table.split('\n')) {
    if (line.trim() === '') continue;
    const match = /^\s*(\w+)\((.*)\) => (.*)$/.exec(line);
    const [, name = '', args = '', wanted = ''] = match ?? [];
    assert.ok(match !== null, `a call: ${line}`);
    assert.equal(bakeCall(name, args), wanted, `${name}(${args})`);
  }
}
