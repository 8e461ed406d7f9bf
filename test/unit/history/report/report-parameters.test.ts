import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportParameters, withoutCredentials } from '../../../../src/history/report/report-parameters.ts';

test('attributes stand under headings, in order; nothing is left out but the frontend’s needs', () => {
  const groups = reportParameters(
    {
      target: 'app',
      'label:b': '2',
      'build-arg:Z': '1',
      'build-arg:A': '',
      'frontend.caps': 'x',
      'local-sessionid:context': 'x',
      'input-metadata:0-a': '{}',
      'context:base': 'docker-image://alpine',
      'vcs:source': 'https://user:token@example.com/r.git',
    },
    [{ type: 'image', attrs: { name: 'a/b:c' } }],
  );
  assert.deepEqual(
    groups.map(({ title, entries }) => [title, ...entries.map(({ name, value }) => `${name}=${value}`)]),
    [
      ['Build', 'target=app'],
      ['Build arguments', 'A=(empty)', 'Z=1'],
      ['Labels', 'b=2'],
      ['Named contexts', 'base=docker-image://alpine'],
      ['Version control', 'source=https://***@example.com/r.git'],
      ['Output: image', 'name=a/b:c'],
    ],
  );
});

test('keys of caches are nothing to show', () => {
  const caches = [{ Type: 's3', Attrs: { ref: 'cache', secret_access_key: 'hidden' } }];
  const [build] = reportParameters({ 'cache-imports': JSON.stringify(caches) }, []);
  assert.deepEqual(build?.entries, [{ name: 'cache-imports', value: '[{"Type":"s3","Attrs":{"ref":"cache"}}]' }]);
});

for (const [text, shown] of [
  ['https://token@github.com/o/r.git#main', 'https://***@github.com/o/r.git#main'],
  ['cannot fetch "https://u:p%40x@h/x" and http://a:b@c/', 'cannot fetch "https://***@h/x" and http://***@c/'],
  ['https://me:pa@ss@host/@scope', 'https://***@host/@scope'],
  ['git@github.com:o/r.git', 'git@github.com:o/r.git'],
  ['ssh://git@github.com/o/r.git', 'ssh://git@github.com/o/r.git'],
  ['ssh://git:secret@github.com/o/r.git', 'ssh://***@github.com/o/r.git'],
  ['https://example.com/@scope/name', 'https://example.com/@scope/name'],
] as const) {
  test(text, () => assert.equal(withoutCredentials(text), shown));
}
