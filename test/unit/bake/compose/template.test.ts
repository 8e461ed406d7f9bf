import assert from 'node:assert/strict';
import { test } from 'node:test';
import { substitute } from '../../../../src/bake/compose/template.ts';

const env = new Map([
  ['A', 'a'],
  ['E', ''],
]);

function replace(template: string): { readonly text: string; readonly unset: readonly string[] } {
  const unset: string[] = [];
  const text = substitute(template, { lookup: (name) => env.get(name), onUnset: (name) => unset.push(name) });
  return { text, unset };
}

const table = `
$A|a
\${A}|a
$$A|$A
\${NO-x}|x
\${E-x}|
\${E:-x}|x
\${A:+x}|x
\${E:+x}|
\${NO+x}|
\${NO:-\${A}}b|ab
\${NO:-\${NO:-c}}|c
\${NO:-a:-b}|a:-b
\${A?no}|a
x\${A}y$A|xaya
`;

for (const line of table.trim().split('\n')) {
  const [template = '', expected = ''] = line.split('|');
  test(`${template} becomes "${expected}"`, () => {
    assert.equal(replace(template).text, expected);
  });
}

test('what is not set is told', () => {
  assert.deepEqual(replace('$NO-${A}'), { text: '-a', unset: ['NO'] });
});

test('a required variable says what is missing', () => {
  assert.throws(() => replace('${NO:?set it}'), { message: 'required variable NO is missing a value: set it' });
  assert.throws(() => replace('${E:?}'), { message: 'required variable E is missing a value' });
});

for (const wrong of ['${', '${1}', '${A']) {
  test(`${wrong} is no template`, () => {
    assert.throws(() => replace(wrong), { name: 'InvalidTemplate', template: wrong });
  });
}
