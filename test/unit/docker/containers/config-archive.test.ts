import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { configArchive } from '../../../../src/docker/containers/index.ts';
import { tarEntries } from '../../../support/tar-entries.ts';

test('directories come first, each by name', () => {
  const archive = configArchive('buildkit', {
    'provenance.d/x.json': Buffer.from('{}'),
    'certs/b/ca.pem': Buffer.from('ca'),
    'buildkitd.toml': Buffer.alloc(0),
  });
  assert.deepEqual(
    tarEntries(archive).map((line) =>
      line
        .split(' ')
        .filter((_, at) => [0, 1, 4].includes(at))
        .join(' '),
    ),
    [
      '5 0000755 buildkit/',
      '5 0000755 buildkit/certs/',
      '5 0000755 buildkit/certs/b/',
      '5 0000755 buildkit/provenance.d/',
      '0 0000644 buildkit/buildkitd.toml',
      '0 0000644 buildkit/certs/b/ca.pem',
      '0 0000644 buildkit/provenance.d/x.json',
    ],
  );
});

test('tar unpacks it, also names that are long or not ASCII', () => {
  const dir = mkdtempSync(join(tmpdir(), 'tsbx-archive-'));
  const long = `certs/${'r'.repeat(120)}/ü.pem`;
  const data = Buffer.alloc(1500, 'x');
  execFileSync('tar', ['-x', '-C', dir], {
    input: configArchive('buildkit', { [long]: data, short: Buffer.from('s') }),
  });
  assert.deepEqual(readFileSync(join(dir, 'buildkit', long)), data);
  assert.equal(readFileSync(join(dir, 'buildkit/short'), 'utf8'), 's');
  assert.equal(statSync(join(dir, 'buildkit', long)).mode & 0o777, 0o644);
  rmSync(dir, { recursive: true });
});

for (const name of ['', '../x', 'a/../b', '/x', 'a//b', 'a\\b', 'a\0', './x', 'a/']) {
  test(`refuses ${JSON.stringify(name)}`, () => {
    assert.throws(() => configArchive('buildkit', { [name]: Buffer.alloc(0) }), {
      code: 'INVALID_ARGUMENT',
      message: `invalid config file path ${JSON.stringify(name)}`,
    });
  });
}

test('a name cannot be a file and a directory', () => {
  assert.throws(() => configArchive('buildkit', { a: Buffer.alloc(0), 'a/b': Buffer.alloc(0) }), {
    message: 'config file path "a" conflicts with directory',
  });
});
