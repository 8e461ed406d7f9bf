import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builderTable } from '../../../../src/cli/output/builder-table.ts';
import type { ListedBuilder } from '../../../../src/index.ts';

const builder: ListedBuilder = {
  name: 'one',
  driver: 'remote',
  lastActivity: new Date('2026-01-02T03:04:05Z'),
  error: undefined,
  nodes: [],
  current: true,
};

test('a template gives a line for each builder', () => {
  assert.equal(builderTable([builder], '{{.Name}}\\t{{ .LastActivity }}', true), 'one\t2026-01-02T03:04:05Z\n');
  assert.equal(builderTable([builder], 'table {{.Name}}\\t{{.Error}}', true), 'NAME/NODE   \none*        \n');
});

test('what is no field is refused', () => {
  assert.throws(() => builderTable([builder], '{{.Nope}}', true), { code: 'INVALID_ARGUMENT' });
  assert.throws(() => builderTable([builder], '{{json .}}', true), {
    code: 'UNSUPPORTED',
    message: /"json" and "table"/,
  });
});
