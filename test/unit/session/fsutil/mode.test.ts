import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goMode, isRegular, permissionsOf } from '../../../../src/session/fsutil/mode.ts';

const cases: readonly (readonly [what: string, unix: number, go: number])[] = [
  ['file', 0o100_644, 0o644],
  ['directory', 0o040_755, 0x8000_0000 + 0o755],
  ['symbolic link', 0o120_777, 0x0800_0000 + 0o777],
  ['block device', 0o060_660, 0x0400_0000 + 0o660],
  ['character device', 0o020_666, 0x0400_0000 + 0x0020_0000 + 0o666],
  ['named pipe', 0o010_600, 0x0200_0000 + 0o600],
  ['socket', 0o140_777, 0x0100_0000 + 0o777],
  ['setuid', 0o104_755, 0x0080_0000 + 0o755],
  ['setgid', 0o102_755, 0x0040_0000 + 0o755],
  ['sticky directory', 0o041_777, 0x8000_0000 + 0x0010_0000 + 0o777],
  ['all bits', 0o107_777, 0x00d0_0000 + 0o777],
  ['none', 0o100_000, 0],
];

for (const [what, unix, go] of cases) {
  void test(`mode of a ${what}`, () => {
    assert.equal(goMode(unix), go);
    assert.equal(permissionsOf(go), unix & 0o7777);
    assert.equal(isRegular(go), (unix & 0o170_000) === 0o100_000);
  });
}
