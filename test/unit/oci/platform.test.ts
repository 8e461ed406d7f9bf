import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  compatiblePlatforms,
  formatPlatform,
  formatPlatformFully,
  normalizePlatform,
  parsePlatform,
  platformRunsOn,
  samePlatform,
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
  assert.deepEqual(names('linux/arm64'), [
    'linux/arm64/v8',
    'linux/arm/v8',
    'linux/arm/v7',
    'linux/arm/v6',
    'linux/arm/v5',
  ]);
});

test('an image for v1 runs on amd64 and not the other way round', () => {
  const [plain, v3] = [parsePlatform('linux/amd64'), normalizePlatform(parsePlatform('linux/amd64/v3'))];
  assert.ok(platformRunsOn(plain, v3));
  assert.ok(!platformRunsOn(v3, plain));
  assert.ok(platformRunsOn(parsePlatform('linux/arm64/v8'), parsePlatform('linux/arm64')));
});

const refused: readonly (readonly [specifier: string, message: string])[] = [
  ['*', '"*": wildcards not yet supported: invalid argument'],
  [
    'linux/am d',
    '"am d" is an invalid component of "linux/am d": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
  ],
  ['linux/a/b/c', '"linux/a/b/c": cannot parse platform specifier: invalid argument'],
  ['nothing', '"nothing": unknown operating system or architecture: invalid argument'],
  ['windows(1%zz)/amd64', '"windows(1%zz)/amd64" has an invalid OS version "1%zz": invalid URL escape "%zz"'],
  ['a(+%z)/b', '"a(+%z)/b" has invalid OS features: invalid os feature "%z": invalid URL escape "%z"'],
];

for (const [specifier, message] of refused) {
  test(`${specifier} is refused in the words of the reference`, () => {
    assert.throws(() => parsePlatform(specifier), { message });
  });
}

test('options that are written with escapes survive', () => {
  const platform = parsePlatform('windows(10%2B%28%25+a%2Fb)/amd64');
  assert.equal(platform.osVersion, '10+(%');
  assert.deepEqual(platform.osFeatures, ['a/b']);
  assert.equal(formatPlatformFully(platform), 'windows(10%2B%28%25+a%2Fb)/amd64');
});

// Host, image, runs: the rules of the stable Windows interface.
const windows: readonly (readonly [host: string, image: string, runs: boolean])[] = [
  ['10.0.17763.1', '10.0.17763.2', true],
  ['10.0.17763', '10.0.20348', false],
  ['10.0.20348', '10.0.20348', true],
  ['10.0.20348', '10.0.17763', false],
  ['10.0.22621', '10.0.20348', true],
  ['10.0.26100', '10.0.20348', true],
  ['10.0.26200', '10.0.20348', false],
  ['10.0.26200', '10.0.26100', true],
  ['10.0.20348', '11.0.20348', false],
  ['10.0.20348', '', true],
  ['', '10.0.17763', true],
  ['10.0.20348', 'x', false],
];

for (const [host, image, runs] of windows) {
  test(`windows ${host} ${runs ? 'runs' : 'does not run'} an image of ${image}`, () => {
    const at = (osVersion: string): { os: string; architecture: string; osVersion: string } => ({
      os: 'windows',
      architecture: 'amd64',
      osVersion,
    });
    assert.equal(platformRunsOn(at(image), at(host)), runs);
  });
}

test('an image may ask for features that the machine has', () => {
  const machine = { os: 'linux', architecture: 'amd64', osFeatures: ['b', 'a'] };
  assert.ok(samePlatform(machine, { os: 'linux', architecture: 'x86_64', osFeatures: ['a'] }));
  assert.ok(!samePlatform(machine, { os: 'linux', architecture: 'amd64', osFeatures: ['c'] }));
  const windows = { os: 'windows', architecture: 'amd64' };
  assert.ok(samePlatform(windows, { ...windows, osFeatures: ['win32k'] }));
});

test('arm64 machines run what the generations before them run', () => {
  const names = compatiblePlatforms(parsePlatform('linux/arm64/v9.2')).map(formatPlatform);
  assert.deepEqual(names.slice(0, 5), [
    'linux/arm64/v9.2',
    'linux/arm64/v9.1',
    'linux/arm64/v9',
    'linux/arm64/v8.7',
    'linux/arm64/v8.6',
  ]);
  assert.equal(names.length, 3 + 8 + 4);
});
