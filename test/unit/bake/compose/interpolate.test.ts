import assert from 'node:assert/strict';
import { test } from 'node:test';
import { interpolate } from '../../../../src/bake/compose/interpolate.ts';

const cases: readonly (readonly [text: string, value: boolean, warning: string | undefined])[] = [
  ['true', true, undefined],
  ['FALSE', false, undefined],
  ['${WORD}', true, '"yes" for boolean is not supported by YAML 1.2, please use `true`'],
  ['On', true, '"On" for boolean is not supported by YAML 1.2, please use `true`'],
  ['off', false, '"off" for boolean is not supported by YAML 1.2, please use `false`'],
];

for (const [text, value, warning] of cases) {
  test(`${text} as a boolean${warning === undefined ? '' : ': a warning'}`, () => {
    const warnings: string[] = [];
    const model = new Map([['services', new Map([['a', new Map([['tty', text]])]])]]);
    const result = interpolate(model, {
      lookup: (name) => (name === 'WORD' ? 'yes' : undefined),
      onUnset: () => {},
      onWarning: (message) => void warnings.push(message),
    });
    assert.deepEqual(result, new Map([['services', new Map([['a', new Map([['tty', value]])]])]]));
    assert.deepEqual(warnings, warning === undefined ? [] : [warning]);
  });
}
