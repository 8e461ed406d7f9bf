import assert from 'node:assert/strict';
import { test } from 'node:test';
import { humanDuration } from '../../../../../src/builder/drivers/kubernetes/human-duration.ts';

test('durations are told as go-units does', () => {
  const table: readonly (readonly [seconds: number, text: string])[] = [
    [0.4, 'Less than a second'],
    [1.9, '1 second'],
    [40, '40 seconds'],
    [60, 'About a minute'],
    [120, '2 minutes'],
    [150, '2 minutes'],
    [3599, '59 minutes'],
    [3600, 'About an hour'],
    [5400, '2 hours'],
    [86_400, '24 hours'],
    [3 * 86_400, '3 days'],
    [21 * 86_400, '3 weeks'],
    [90 * 86_400, '3 months'],
    [800 * 86_400, '2 years'],
  ];
  for (const [seconds, text] of table) assert.equal(humanDuration(seconds * 1000), text);
});
