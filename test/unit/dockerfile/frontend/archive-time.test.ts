import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { archiveTime } from '../../../../src/dockerfile/frontend/archive-time.ts';
import type { Gateway } from '../../../../src/dockerfile/frontend/index.ts';
import { TarTimes } from '../../../../src/dockerfile/frontend/tar-times.ts';
import { CapSet } from '../../../../src/llb/index.ts';
import { temporaryDirectory, writeTree } from '../../../support/trees.ts';

function timeOf(file: Uint8Array): Promise<bigint | undefined> {
  const unused = (): never => assert.fail('not asked for');
  const caps = new CapSet([]);
  const gateway: Gateway = {
    buildOpts: { opts: {}, sessionId: '', workers: [], llbCaps: caps, caps },
    resolveSourceMeta: unused,
    solve: unused,
    inputs: unused,
    warn: unused,
    readFile: async (_, { range }) => file.subarray(range?.offset ?? 0, (range?.offset ?? 0) + (range?.length ?? 0)),
  };
  return archiveTime({ gateway, ref: { id: 'r' }, path: 'context', signal: new AbortController().signal });
}

/** Two files of 1970, the younger of second 2000, and directories and links that are younger still. */
function archive(format: string, oldSize = 3_000_000): Buffer {
  using root = temporaryDirectory();
  const long = `${'long/'.repeat(60)}name`;
  writeTree(root.path, { old: 'x'.repeat(oldSize), [long]: 'y'.repeat(700) });
  utimesSync(join(root.path, 'old'), 1000, 1000);
  utimesSync(join(root.path, long), 2000, 2000.75);
  mkdirSync(join(root.path, 'dir'));
  symlinkSync('old', join(root.path, 'link'));
  return execFileSync('tar', [`--format=${format}`, '-cf', '-', '-C', root.path, '.'], { maxBuffer: 1 << 28 });
}

for (const format of ['gnu', 'posix']) {
  test(`an archive is as old as its youngest file: ${format}`, async () => {
    const tar = archive(format);
    assert.equal(await timeOf(tar), 2000n);
    assert.equal(await timeOf(gzipSync(tar)), 2000n);
    assert.equal(await timeOf(zstdCompressSync(tar)), 2000n);
  });
}

test('it makes no difference in what pieces it comes', () => {
  const tar = archive('posix');
  for (const size of [511, 512, 513, 100_000]) {
    const times = new TarTimes();
    for (let at = 0; at < tar.length; at += size) times.push(tar.subarray(at, at + size));
    assert.ok(times.hasEnded);
    assert.equal(times.latest, 2000n);
  }
});

test('node has nothing to warn of when a large one is unpacked', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => void warnings.push(warning);
  process.on('warning', note);
  assert.equal(await timeOf(gzipSync(archive('gnu', 13_000_000), { level: 0 })), 2000n);
  await new Promise((resolve) => setImmediate(resolve));
  process.off('warning', note);
  assert.deepEqual(warnings, []);
});

test('the mark at the end may be missing', async () => {
  const tar = archive('gnu');
  const end = tar.length - (tar.length % 512);
  let last = end;
  while (tar.subarray(last - 512, last).every((byte) => byte === 0)) last -= 512;
  assert.equal(await timeOf(tar.subarray(0, last)), 2000n);
});

test('what is no archive, or ends too early, has no time', async () => {
  assert.equal(await timeOf(Buffer.from('FROM scratch\n'.repeat(200))), undefined);
  assert.equal(await timeOf(new Uint8Array()), undefined);
  assert.equal(await timeOf(gzipSync('FROM scratch\n'.repeat(200))), undefined);
  const tar = archive('gnu');
  assert.equal(await timeOf(tar.subarray(0, 2_000_000)), undefined);
  assert.equal(await timeOf(gzipSync(tar).subarray(0, 2000)), undefined);
});

test('archives that cannot be unpacked here are refused', async () => {
  await assert.rejects(timeOf(Buffer.from('BZh91AY')), { code: 'UNSUPPORTED', message: /bzip2 or xz/ });
});
