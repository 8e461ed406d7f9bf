import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportFileName } from '../../../../src/history/report/write-report.ts';

for (const [ref, name] of [
  ['i0lqn3zrjtjbjkvx5y3c4l1o2', 'build-report-i0lqn3zrjtjbjkvx5y3c4l1o2.html'],
  ['/../../etc/x', 'build-report-_______etc_x.html'],
  ['a\\..\\b\0', 'build-report-a____b_.html'],
] as const) {
  test(`the report of build ${JSON.stringify(ref)} is a file of this directory`, () => {
    assert.equal(reportFileName(ref), name);
  });
}
