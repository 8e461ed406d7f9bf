import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUlimits } from '../../../src/values/ulimit.ts';

const lists: readonly [texts: readonly string[], formatted: readonly string[]][] = [
  [['nofile=1024'], ['nofile=1024:1024']],
  [['nofile=1024:2048'], ['nofile=1024:2048']],
  [['nofile=-1'], ['nofile=-1:-1']],
  [['nofile=5:-1'], ['nofile=5:-1']],
  [
    ['nproc=1', 'core=0', 'nproc=2'],
    ['core=0:0', 'nproc=2:2'],
  ],
];

for (const [texts, formatted] of lists) {
  test(texts.join(' '), () => assert.deepEqual(formatUlimits(texts), formatted));
}

const errors: readonly [text: string, message: string][] = [
  ['xx', 'invalid ulimit argument: xx'],
  ['bogus=1', 'invalid ulimit type: bogus'],
  ['nofile=a', 'strconv.ParseInt: parsing "a": invalid syntax'],
  ['nofile=1:2:3', 'too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`'],
  ['nofile=5:4', 'ulimit soft limit must be less than or equal to hard limit: 5 > 4'],
  ['nofile=-1:4', 'ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 4'],
  ['nofile=99999999999999999999', 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
];

for (const [text, message] of errors) {
  test(`${text} is refused`, () => assert.throws(() => formatUlimits([text]), { code: 'INVALID_ARGUMENT', message }));
}
