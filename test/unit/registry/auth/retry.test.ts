import assert from 'node:assert/strict';
import { test } from 'node:test';
import { retryAfter } from '../../../../src/registry/auth/retry.ts';

const now = Date.parse('2026-01-01T00:00:00Z');
const cases: readonly (readonly [header: string | undefined, ms: number])[] = [
  [undefined, 0],
  ['7', 7000],
  ['Thu, 01 Jan 2026 00:00:03 GMT', 3000],
  ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
  ['soon', 0],
  ['-5', 0],
];

for (const [header, ms] of cases) {
  test(`Retry-After: ${String(header)}`, () => {
    assert.equal(retryAfter({ headers: header === undefined ? {} : { 'retry-after': header } }, now), ms);
  });
}
