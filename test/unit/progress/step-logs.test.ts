import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { StepLogs } from '../../../src/progress/step-logs.ts';
import { log, steps, vertex } from '../../support/progress-status.ts';

function newDir(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'tsbx-logs-'));
  t.after(() => rmSync(dir, { recursive: true }));
  return join(dir, 'deep/logs');
}

test('each step that writes has a file with its exact bytes, and the index names all', async (t) => {
  const dir = newDir(t);
  const logs = new StepLogs(dir);
  const names = ['[build 1/2] FROM x', '[build 2/2] RUN ../../etc/passwd && \u001b[31m日本 "x"', '...'];
  for (const name of names) await logs.write(steps(vertex(name)));
  for (const name of names) await logs.write(steps(vertex(name, 1)));
  await logs.write(log(names[1] ?? '', 2, Buffer.from([0x61, 0xff, 0x0d])));
  await logs.write(log(names[2] ?? '', 2, 'dots'));
  await logs.write(log('nobody', 2, 'lost'));
  await logs.write(log(names[1] ?? '', 3, Buffer.from([0x00, 0x0a])));
  await logs.write(steps(vertex(names[1] ?? '', 1, 3, { error: 'exit code: 1' })));
  assert.equal(await logs.done(), undefined);
  const file = '002-build-2-2-RUN-..-..-etc-passwd-31m-x.log';
  assert.deepEqual(readdirSync(dir).sort(), [file, '003.log', 'index.json']);
  assert.deepEqual([...readFileSync(join(dir, file))], [0x61, 0xff, 0x0d, 0x00, 0x0a]);
  const index = JSON.parse(readFileSync(join(dir, 'index.json'), 'utf8')) as unknown[];
  assert.equal(index.length, 3);
  assert.deepEqual(index[1], {
    step: 2,
    name: names[1],
    digest: names[1],
    file,
    started: '2027-01-15T08:00:01Z',
    completed: '2027-01-15T08:00:03Z',
    error: 'exit code: 1',
  });
});

test('members of a group write to one file, under the name of the group', async (t) => {
  const dir = newDir(t);
  const logs = new StepLogs(dir);
  const progressGroup = { id: 'g', name: '[1/1] COPY --link', weak: false };
  await logs.write(steps(vertex('m1', 0, 1, { progressGroup }), vertex('m2', 1, 2, { progressGroup })));
  await logs.write(log('m1', 1, 'one '));
  await logs.write(log('m2', 1, 'two'));
  await logs.done();
  assert.equal(readFileSync(join(dir, '001-1-1-COPY-link.log'), 'utf8'), 'one two');
});

test('nothing is made for a build that writes nothing', async (t) => {
  const dir = newDir(t);
  const logs = new StepLogs(dir);
  await logs.write(steps(vertex('a', 0, 1)));
  assert.equal(await logs.done(), undefined);
  assert.equal(existsSync(dir), false);
});

test('a file of an earlier build is written anew', async (t) => {
  const dir = newDir(t);
  for (const text of ['the first build', 'second']) {
    const logs = new StepLogs(dir);
    await logs.write(steps(vertex('a', 0)));
    await logs.write(log('a', 1, text));
    await logs.done();
    assert.equal(readFileSync(join(dir, '001-a.log'), 'utf8'), text);
  }
});

test('a directory that cannot be made is told of, and keeps nothing in memory', async (t) => {
  const dir = newDir(t);
  writeFileSync(join(dir, '../..', 'deep'), 'a file');
  const logs = new StepLogs(dir);
  await logs.write(steps(vertex('a', 0)));
  await logs.write(log('a', 1, 'x'));
  assert.match((await logs.done()) ?? '', /^logs of steps are not complete: mkdir .*: not a directory$/);
});

test('the caller is asked to wait when the disk is behind', async (t) => {
  const logs = new StepLogs(newDir(t));
  await logs.write(steps(vertex('a', 0)));
  assert.equal(logs.write(log('a', 1, Buffer.alloc(1 << 20))), undefined);
  const caughtUp = logs.write(log('a', 1, Buffer.alloc(8 << 20)));
  assert.ok(caughtUp);
  await caughtUp;
  assert.equal(logs.write(log('a', 1, 'x')), undefined);
  await logs.done();
});
