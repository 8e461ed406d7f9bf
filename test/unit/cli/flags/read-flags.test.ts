import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FlagsFor } from '../../../../src/cli/flags/definition.ts';
import { readFlags } from '../../../../src/cli/flags/read-flags.ts';

interface Values {
  readonly tag: readonly string[];
  readonly label: readonly string[];
}

const table: FlagsFor<Values> = { tag: { kind: 'array', usage: '' }, label: { kind: 'list', usage: '' } };

test('an empty value is a value, wherever it stands', () => {
  assert.deepEqual(readFlags<Values>(table, ['--tag=']), { tag: [''], label: [] });
  assert.deepEqual(readFlags<Values>(table, ['--tag=', '--tag=', '--label=', '--tag=x', '--tag=']), {
    tag: ['', '', 'x', ''],
    label: [''],
  });
});

test('a value may look like a flag', () => {
  assert.deepEqual(readFlags<Values>(table, ['--tag=-t', '--label=--']), { tag: ['-t'], label: ['--'] });
});

test('quotes are part of a value', () => {
  const quoted = ['"a","b"', "'a'", '"', '""', `"a'`, 'a="b"'];
  const flags = quoted.flatMap((value) => [`--tag=${value}`, `--label=${value}`]);
  assert.deepEqual(readFlags<Values>(table, flags), { tag: quoted, label: quoted });
  const one: FlagsFor<{ readonly target: string | undefined }> = { target: { kind: 'string', usage: '' } };
  for (const value of quoted) assert.deepEqual(readFlags(one, [`--target=${value}`]), { target: value });
});
