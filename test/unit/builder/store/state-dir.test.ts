import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { lastActivity, nodeIdentifier, openStateDir, saveLocalState } from '../../../../src/builder/store/index.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbuildx-state-'));
after(() => rmSync(root, { recursive: true, force: true }));

test('the directory is BUILDX_CONFIG, or buildx beside config.json', () => {
  assert.equal(openStateDir('/home/u/.docker', {}).path, '/home/u/.docker/buildx');
  assert.equal(openStateDir('/home/u/.docker', { BUILDX_CONFIG: '/x' }).path, '/x');
});

test('files of root under sudo belong to the calling user only in his own home', () => {
  const uid = String(statSync(root).uid);
  const sudo = { SUDO_COMMAND: '/bin/x', SUDO_UID: uid, SUDO_GID: '7', HOME: root };
  assert.deepEqual(openStateDir(join(root, '.docker'), sudo).owner, { uid: Number(uid), gid: 7 });
  assert.equal(openStateDir('/elsewhere/.docker', sudo).owner, undefined);
  assert.equal(openStateDir(join(root, '.docker'), { ...sudo, SUDO_UID: '4294967' }).owner, undefined);
  assert.equal(openStateDir(join(root, '.docker'), { HOME: root }).owner, undefined);
});

test('the node identifier is made once', async () => {
  const dir = { path: join(root, 'a'), owner: undefined };
  const first = nodeIdentifier(dir);
  assert.match(first, /^[0-9a-f]{16}$/);
  assert.equal(nodeIdentifier(dir), first);
  assert.equal(statSync(join(dir.path, '.buildNodeID')).mode & 0o777, 0o600);
});

test('a directory that cannot be written does not stop a build', async () => {
  writeFileSync(join(root, 'file'), '');
  assert.equal(nodeIdentifier({ path: join(root, 'file', 'buildx'), owner: undefined }), '');
});

test('what a killed program left half-written goes with the next file', () => {
  const path = join(root, 'killed');
  mkdirSync(path);
  const nobody = 2 ** 22 + 1; // more than any process has
  const long = new Date(Date.now() - 3_600_000);
  for (const [name, time] of [
    [`.tmp-${nobody}-1`, long],
    [`.tmp-${nobody}-2`, new Date()], // of another container, perhaps
    [`.tmp-${process.pid}-3`, long],
    ['.tmp-mine', long],
  ] as const) {
    writeFileSync(join(path, name), '');
    utimesSync(join(path, name), time, time);
  }
  nodeIdentifier({ path, owner: undefined });
  assert.deepEqual(
    readdirSync(path).sort(),
    ['.buildNodeID', `.tmp-${nobody}-2`, `.tmp-${process.pid}-3`, '.tmp-mine'].sort(),
  );
});

test('a time of last use that is empty or broken is none', () => {
  const dir = { path: join(root, 'used'), owner: undefined };
  mkdirSync(join(dir.path, 'activity'), { recursive: true });
  for (const text of ['', 'yesterday', '2026-13-45T00:00:00Z']) {
    writeFileSync(join(dir.path, 'activity/b'), text);
    assert.equal(lastActivity(dir, 'b'), undefined);
  }
  writeFileSync(join(dir.path, 'activity/b'), '2026-01-02T03:04:05Z');
  assert.equal(lastActivity(dir, 'b')?.valueOf(), Date.UTC(2026, 0, 2, 3, 4, 5));
});

test('local state is what buildx writes, with nothing half-written beside it', async () => {
  const dir = { path: join(root, 'b'), owner: undefined };
  const state = { Target: 'default', LocalPath: '/ctx', DockerfilePath: '' };
  saveLocalState(dir, { builder: 'b', node: 'n', id: 'ref' }, state);
  assert.equal(
    readFileSync(join(dir.path, 'refs/b/n/ref'), 'utf8'),
    '{"Target":"default","LocalPath":"/ctx","DockerfilePath":""}',
  );
  assert.deepEqual(readdirSync(join(dir.path, 'refs/b/n')), ['ref']);
  assert.equal(statSync(join(dir.path, 'refs')).mode & 0o777, 0o700);
});
