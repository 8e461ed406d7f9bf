import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { matchNodes, nativePlatforms, type PlatformMatch } from '../../../src/builder/index.ts';
import { formatPlatform, parsePlatform } from '../../../src/oci/index.ts';

type Row = readonly [wanted: string, nodes: readonly string[], match: PlatformMatch, best: string];

const both = ['linux/amd64 linux/arm64', 'linux/riscv64'];
const arms = ['linux/amd64', 'linux/arm64', 'linux/arm/v8'];

// The first block is buildx's own table of its resolver.
const rows: readonly Row[] = [
  ['linux/beta', ['linux/amd64', 'linux/beta'], 'compatible', '1 of 1'],
  ['linux/riscv64', ['linux/amd64'], 'compatible', 'none'],
  ['linux/arm64', both, 'compatible', '0 of 0'],
  ['linux/riscv64', both, 'compatible', '1 of 1'],
  ['linux/arm64', ['linux/amd64', 'linux/arm64'], 'compatible', '1 of 1'],
  ['linux/arm/v8', ['linux/amd64', 'linux/arm64'], 'compatible', '1 of 1'],
  ['linux/arm/v7', ['linux/amd64', 'linux/arm64'], 'compatible', '1 of 1'],
  ['linux/arm/v8', arms, 'compatible', '2 of 2'],
  ['linux/arm/v7', arms, 'compatible', '2 of 2'],
  ['linux/arm/v8', ['linux/amd64', 'linux/arm/v7'], 'compatible', 'none'],
  ['linux/arm/v6', ['linux/amd64', 'linux/arm/v7'], 'compatible', '1 of 1'],
  ['linux/riscv64', ['linux/amd64', 'linux/riscv64', 'linux/riscv64'], 'compatible', '1 of 1,2'],
  ['linux/arm/v7', ['linux/arm/v8', 'linux/arm/v7'], 'compatible', '1 of 1'],
  ['linux/arm/v7', ['linux/amd64 linux/arm/v7', 'linux/arm/v8'], 'compatible', '0 of 0'],
  ['linux/amd64', ['linux/amd64', 'linux/amd64 linux/riscv64'], 'compatible', '0 of 0,1'],
  ['linux/riscv64', ['linux/amd64', 'linux/amd64 linux/riscv64'], 'compatible', '1 of 1'],

  ['linux/arm/v7', ['linux/amd64', 'linux/arm64'], 'strict', 'none'],
  ['linux/arm64/v8', ['linux/amd64', 'linux/arm64'], 'strict', '1 of 1'],
  ['linux/386', ['linux/amd64'], 'strict', 'none'],
  ['linux/386', ['linux/amd64'], 'compatible', '0 of 0'],
  ['linux/386', ['linux/amd64', 'linux/386'], 'compatible', '1 of 1'],
  ['linux/amd64', ['', 'linux/amd64'], 'strict', '1 of 1'],
  ['linux/amd64', ['', ''], 'strict', 'none'],
  ['windows(10.0.17763)/amd64', ['linux/amd64', 'windows(10.0.17763)/amd64'], 'strict', '1 of 1'],
];

const listOf = (text: string) =>
  text
    .split(' ')
    .filter(Boolean)
    .map((platform) => parsePlatform(platform));

describe('the node for a platform', () => {
  for (const [wanted, nodes, match, expected] of rows) {
    test(`${wanted} on ${nodes.join(' | ')} (${match})`, () => {
      const found = matchNodes(parsePlatform(wanted), nodes.map(listOf), match);
      assert.equal(found === undefined ? 'none' : `${found.best} of ${found.alike.join()}`, expected);
    });
  }
});

const machines: readonly (readonly [listed: string, native: string])[] = [
  ['linux/amd64 linux/amd64/v2 linux/arm64 linux/386 linux/arm', 'linux/amd64 linux/amd64/v2 linux/386'],
  ['linux/arm64 linux/amd64 linux/amd64/v2 linux/arm linux/arm/v6', 'linux/arm64 linux/arm linux/arm/v6'],
  ['linux/riscv64 linux/amd64', 'linux/riscv64'],
  ['', ''],
];

describe('what a machine runs itself', () => {
  for (const [listed, native] of machines) {
    test(listed || 'nothing', () => {
      assert.equal(nativePlatforms(listOf(listed)).map(formatPlatform).join(' '), native);
    });
  }
});
