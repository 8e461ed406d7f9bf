import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parsePlatforms } from '../../../src/values/platform.ts';

const machine = { platform: 'linux', arch: 'arm64' };

const platforms: readonly (readonly [value: string, parsed: string])[] = [
  ['local', 'linux/arm64'],
  ['LOCAL', 'linux/arm64'],
  ['linux', 'linux/arm64'],
  ['amd64', 'linux/amd64'],
  ['linux/amd64,linux/arm/7', 'linux/amd64 linux/arm/v7'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/arm64/v8', 'linux/arm64'],
  ['arm', 'linux/arm/v7'],
  ['windows(10.0.17763)/amd64', 'windows(10.0.17763)/amd64'],
];

for (const [value, parsed] of platforms) {
  test(`--platform ${value} is ${parsed}`, () => assert.equal(parsePlatforms([value], machine).join(' '), parsed));
}

test('the words of the machine are those of Go', () => {
  assert.deepEqual(parsePlatforms(['local'], { platform: 'win32', arch: 'x64' }), ['windows/amd64']);
});
