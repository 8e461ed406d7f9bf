import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanDuration } from '../../../../src/cli/output/human-duration.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const durations: readonly [seconds: number, text: string][] = [
  [-5, 'Less than a second'],
  [0.9, 'Less than a second'],
  [1.9, '1 second'],
  [59.9, '59 seconds'],
  [MINUTE, 'About a minute'],
  [2 * MINUTE, '2 minutes'],
  [59 * MINUTE, '59 minutes'],
  [HOUR, 'About an hour'],
  [HOUR + 30 * MINUTE, '2 hours'],
  [47 * HOUR, '47 hours'],
  [48 * HOUR, '2 days'],
  [13 * DAY, '13 days'],
  [14 * DAY, '2 weeks'],
  [59 * DAY, '8 weeks'],
  [60 * DAY, '2 months'],
  [729 * DAY, '24 months'],
  [730 * DAY, '2 years'],
];

for (const [seconds, text] of durations) {
  test(`${seconds} s are ${text}`, () => assert.equal(humanDuration(BigInt(Math.round(seconds * 1e9))), text));
}
