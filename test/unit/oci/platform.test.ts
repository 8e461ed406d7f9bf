import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compatiblePlatforms,
  formatPlatform,
  formatPlatformFully,
  normalizePlatform,
  parsePlatform,
  platformRunsOn,
} from '../../../src/oci/index.ts';

const parsed: readonly (readonly [specifier: string, full: string])[] = [
  ['linux/amd64', 'linux/amd64'],
  ['linux', 'linux/amd64'],
  ['arm', 'linux/arm'],
  ['armhf', 'linux/arm'],
  ['armel', 'linux/arm/v6'],
  ['aarch64', 'linux/arm64'],
  ['linux/x86_64', 'linux/amd64'],
  ['linux/arm64/v8', 'linux/arm64/v8'],
  ['linux/arm64/8', 'linux/arm64/v8'],
  ['linux/arm/7', 'linux/arm/v7'],
  ['Linux/AMD64/v1', 'linux/amd64'],
  ['linux/amd64/v3', 'linux/amd64/v3'],
  ['macos/arm64', 'darwin/arm64'],
  ['windows(10.0.17763)/amd64', 'windows(10.0.17763)/amd64'],
  ['windows(10.0.17763+win32k)/amd64', 'windows(10.0.17763+win32k)/amd64'],
];

for (const [specifier, full] of parsed) {
  test(`${specifier} is ${full}`, () => assert.equal(formatPlatformFully(parsePlatform(specifier)), full));
}

for (const specifier of ['', '*', 'linux/', 'linux/am d', 'linux/a/b/c', 'nothing', 'linux()x/amd64']) {
  test(`${JSON.stringify(specifier)} is refused`, () => {
    assert.throws(() => parsePlatform(specifier), { code: 'INVALID_ARGUMENT', message: /invalid argument$/ });
  });
}

test('what a specifier leaves out is the host', () => {
  const host = { os: 'linux', architecture: 'arm', variant: 'v6' };
  assert.equal(formatPlatform(parsePlatform('linux', host)), 'linux/arm/v6');
  assert.equal(formatPlatform(parsePlatform('s390x', { os: 'freebsd', architecture: 'amd64' })), 'freebsd/s390x');
});

test('a machine runs its older variants, the best first', () => {
  const names = (specifier: string): string[] => compatiblePlatforms(parsePlatform(specifier)).map(formatPlatform);
  assert.deepEqual(names('linux/amd64/v3'), ['linux/amd64/v3', 'linux/amd64/v2', 'linux/amd64/v1', 'linux/386']);
  assert.deepEqual(names('linux/arm/v7'), ['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
  assert.deepEqual(names('linux/arm64'), ['linux/arm64/v8', 'linux/arm/v8', 'linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
});

test('an image for v1 runs on amd64 and not the other way round', () => {
  const [plain, v3] = [parsePlatform('linux/amd64'), normalizePlatform(parsePlatform('linux/amd64/v3'))];
  assert.ok(platformRunsOn(plain, v3));
  assert.ok(!platformRunsOn(v3, plain));
  assert.ok(platformRunsOn(parsePlatform('linux/arm64/v8'), parsePlatform('linux/arm64')));
});
