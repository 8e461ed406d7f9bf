import assert from 'node:assert/strict';
import { test } from 'node:test';
import { truncatedPlatforms } from '../../../../src/cli/output/truncated-platforms.ts';

const lists: readonly [platforms: string, text: string][] = [
  ['', ''],
  ['linux/amd64', 'linux/amd64'],
  ['linux/amd64,linux/amd64/v2,linux/amd64/v3', 'linux/amd64 (+3)'],
  ['linux/arm64*,linux/amd64*,linux/riscv64', 'linux/amd64*, linux/arm64*, linux/riscv64'],
  ['linux/amd64,linux/amd64/v2*,linux/386', 'linux/amd64* (+2), linux/386'],
  ['linux/mips64le,linux/386,linux/amd64', 'linux/amd64, linux/386, linux/mips64le'],
  [
    'linux/amd64,linux/arm64,linux/riscv64,linux/ppc64le,linux/s390x,linux/386,linux/arm/v7,linux/arm/v6',
    'linux/amd64, linux/arm64, linux/arm (+2), linux/ppc64le, (3 more)',
  ],
  [
    'windows/amd64,linux/loong64,linux/386,darwin/arm64,linux/amd64',
    'linux/amd64, darwin/arm64, linux/386, linux/loong64, (1 more)',
  ],
];

for (const [platforms, text] of lists) {
  test(`${platforms || 'none'} is ${text || 'empty'}`, () => {
    assert.equal(truncatedPlatforms(platforms === '' ? [] : platforms.split(',')), text);
  });
}
