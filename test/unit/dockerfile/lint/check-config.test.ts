import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type CheckConfig, defaultCheckConfig, parseCheckOptions } from '../../../../src/dockerfile/lint/index.ts';

const options: readonly [text: string, config: Partial<CheckConfig>][] = [
  ['', {}],
  [' skip=A, B ', { skipRules: ['A', 'B'] }],
  ['skip=all', { skipAll: true }],
  ['skip=all;skip=A', { skipAll: true, skipRules: ['A'] }],
  ['experimental=all;error=true', { experimentalAll: true, returnAsError: true }],
  ['experimental=A;skip=B;error=F', { experimentalRules: ['A'], skipRules: ['B'] }],
  ['skip=', { skipRules: [''] }],
  ['error=1;skip=A;skip=B;x', { returnAsError: true, skipRules: ['B;x'] }],
];

for (const [text, config] of options) {
  test(JSON.stringify(text), () => assert.deepEqual(parseCheckOptions(text), { ...defaultCheckConfig, ...config }));
}

const faults: readonly [text: string, message: string][] = [
  ['skip', 'invalid check option "skip"'],
  ['skp=all', 'invalid check option "skp"'],
  ['error=maybe', 'failed to parse check option "error=maybe": strconv.ParseBool: parsing "maybe": invalid syntax'],
];

for (const [text, message] of faults) {
  test(`fault: ${text}`, () => assert.throws(() => parseCheckOptions(text), { code: 'DOCKERFILE', message }));
}
