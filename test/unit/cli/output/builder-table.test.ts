import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builderTable } from '../../../../src/cli/output/builder-table.ts';
import { dockerFormat } from '../../../../src/cli/output/docker-format.ts';
import type { ListedBuilder } from '../../../../src/index.ts';

const builder: ListedBuilder = {
  name: 'one',
  driver: 'remote',
  lastActivity: new Date('2026-01-02T03:04:05Z'),
  error: undefined,
  dynamic: false,
  nodes: [],
  current: true,
};

function show(format: string): string {
  return builderTable([builder], dockerFormat(format), true);
}

test('a template gives a line for each builder', () => {
  assert.equal(show('{{.Name}}\\t{{ .LastActivity }}'), 'one\t2026-01-02T03:04:05Z\n');
  assert.equal(show('{{.Builder.Name}} {{.Builder.Current}}'), 'one true\n');
});

test('a table has the names of its columns, as far as they have any', () => {
  assert.equal(show('table {{.Name}}\\t{{.Error}}'), 'NAME/NODE   <no value>\none*        \n');
  assert.equal(show('table {{upper .Name}}'), 'NAME/NODE\nONE*\n');
});

test('what is no field is refused in the words of Go', () => {
  assert.throws(() => show('{{.Nope}}'), {
    code: 'INVALID_ARGUMENT',
    message: `template parsing error: template: :1:2: executing "" at <.Nope>: can't evaluate field Nope in type *commands.lsContext`,
  });
});
