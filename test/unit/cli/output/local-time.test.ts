import assert from 'node:assert/strict';
import { it } from 'node:test';
import { formatGoTime } from '../../../../src/base/go-time.ts';
import { localTime } from '../../../../src/cli/output/local-time.ts';
import { replaceProcessEnv } from '../../../support/process-env.ts';

const winter = 1_767_323_045n * 1_000_000_000n;
const summer = winter + 180n * 86_400n * 1_000_000_000n;

// What Go prints; the rules as the zone database has them.
const rows = [
  ['UTC', 'UTC0', '2026-01-02 03:04:05 +0000 UTC', '2026-07-01 03:04:05 +0000 UTC'],
  ['', undefined, '2026-01-02 03:04:05 +0000 UTC', '2026-07-01 03:04:05 +0000 UTC'],
  ['Europe/Berlin', 'CET-1CEST,M3.5.0,M10.5.0/3', '2026-01-02 04:04:05 +0100 CET', '2026-07-01 05:04:05 +0200 CEST'],
  ['America/New_York', 'EST5EDT,M3.2.0,M11.1.0', '2026-01-01 22:04:05 -0500 EST', '2026-06-30 23:04:05 -0400 EDT'],
  ['Asia/Kathmandu', '<+0545>-5:45', '2026-01-02 08:49:05 +0545 +0545', '2026-07-01 08:49:05 +0545 +0545'],
  ['Atlantic/Reykjavik', undefined, '2026-01-02 03:04:05 +0000 UTC', '2026-07-01 03:04:05 +0000 UTC'],
  ['Asia/Tokyo', undefined, '2026-01-02 12:04:05 +0900 +0900', '2026-07-01 12:04:05 +0900 +0900'],
] as const;
for (const [zone, rule, inWinter, inSummer] of rows) {
  it(`is told as in ${zone || 'no zone'}`, () => {
    using _ = replaceProcessEnv({ ...process.env, TZ: zone });
    assert.deepEqual(
      [formatGoTime(localTime(winter, () => rule)), formatGoTime(localTime(summer, () => rule))],
      [inWinter, inSummer],
    );
  });
}
