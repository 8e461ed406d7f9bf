import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { currentBuilder, lastActivity, openStateDir, type StateDir } from '../../../../src/builder/store/index.ts';
import { lockState, removeInstance, saveCurrent, saveInstance } from '../../../../src/builder/store/locked-state.ts';
import { replaceCurrent } from '../../../../src/builder/store/replace-current.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbuildx-locked-'));
after(() => rmSync(root, { recursive: true, force: true }));
const path = join(root, 'home/buildx');
const dir: StateDir = { path, owner: undefined };
beforeEach(() => rmSync(join(root, 'home'), { recursive: true, force: true }));

const { signal } = new AbortController();
const now = new Date('2026-01-02T03:04:05.678Z');
const mine = { name: 'Mine', driver: 'remote', nodes: [], dynamic: false, more: {} };
const key = 'unix:///a.sock';

test('a builder is written with its time, in files that only their owner reads', async () => {
  {
    await using state = await lockState(dir, { signal });
    assert.equal(spawnSync('flock', ['-n', join(path, '.lock'), 'true']).status, 1);
    saveInstance(state, mine, now);
    saveCurrent(state, { key, name: 'Mine', global: false }, true);
  }
  assert.equal(spawnSync('flock', ['-n', join(path, '.lock'), 'true']).status, 0);
  assert.equal(
    readFileSync(join(path, 'instances/mine'), 'utf8'),
    '{"Name":"Mine","Driver":"remote","Nodes":[],"Dynamic":false}',
  );
  assert.equal(readFileSync(join(path, 'current'), 'utf8'), '{"Key":"unix:///a.sock","Name":"Mine","Global":false}');
  assert.deepEqual(readdirSync(path).sort(), ['.lock', 'activity', 'current', 'defaults', 'instances']);
  assert.deepEqual(lastActivity(dir, 'Mine'), new Date('2026-01-02T03:04:05Z'));
  const modes = ['', 'instances', 'activity', 'defaults', '.lock', 'current', 'instances/mine', 'activity/Mine'].map(
    (name) => (statSync(join(path, name)).mode & 0o777).toString(8),
  );
  assert.deepEqual(modes, ['700', '700', '700', '700', '600', '600', '600', '600']);
});

test('it goes with all that is remembered of it, and others stay', async () => {
  const refs: Readonly<Record<string, string>> = {
    'mine/a/1': '{"GroupRef":"all"}',
    'mine/b/2': '{"GroupRef":"../../current"}',
    'mine/b/3': 'broken',
    'mine/b/4': '{"GroupRef":"some"}',
    'other/a/5': '{"GroupRef":"some"}',
    '__group__/all': '{"Refs":["mine/a/1"]}',
    '__group__/some': '{"Refs":["mine/b/4","other/a/5"]}',
  };
  for (const [name, text] of Object.entries(refs)) {
    mkdirSync(dirname(join(path, 'refs', name)), { recursive: true });
    writeFileSync(join(path, 'refs', name), text);
  }
  await using state = await lockState(dir, { signal });
  saveInstance(state, mine, now);
  saveInstance(state, { ...mine, name: 'other' }, now);
  saveCurrent(state, { key, name: 'other', global: false }, false);
  removeInstance(state, 'Mine');
  assert.deepEqual(readdirSync(join(path, 'instances')), ['other']);
  assert.deepEqual(readdirSync(join(path, 'activity')), ['other']);
  assert.deepEqual(readdirSync(join(path, 'refs')).sort(), ['__group__', 'other']);
  assert.deepEqual(readdirSync(join(path, 'refs/__group__')), ['some']);
  assert.deepEqual(currentBuilder(dir, key).instance?.name, 'other');
});

test('names that lead elsewhere are refused', async () => {
  await using state = await lockState(dir, { signal });
  for (const name of ['../x', '', '.', 'a/b', '1a']) {
    assert.throws(() => saveInstance(state, { ...mine, name }, now), { message: new RegExp(`^invalid name ${name}`) });
    assert.throws(() => removeInstance(state, name), { code: 'INVALID_ARGUMENT' });
  }
});

test('all belongs to the user whom root works for', async () => {
  const [uid, gid] = process.getuid?.() === 0 ? [12_345, 54_321] : [statSync(root).uid, statSync(root).gid];
  mkdirSync(join(path, 'instances'), { recursive: true });
  {
    await using state = await lockState({ path, owner: { uid, gid } }, { signal });
    saveInstance(state, mine, now);
  }
  for (const name of ['instances', 'activity', '.lock', 'instances/mine', 'activity/Mine']) {
    const found = statSync(join(path, name));
    assert.deepEqual([found.uid, found.gid], [uid, gid], name);
  }
});

test('a home that is a link is followed', async () => {
  mkdirSync(join(root, 'home/real'), { recursive: true });
  symlinkSync(join(root, 'home/real'), path);
  await using state = await lockState(dir, { signal });
  saveInstance(state, mine, now);
  assert.deepEqual(readdirSync(join(root, 'home/real/instances')), ['mine']);
});

test('where nothing can be written, the path is told', async () => {
  mkdirSync(join(root, 'home'));
  writeFileSync(path, '');
  await assert.rejects(lockState(dir, { signal }), {
    code: 'IO',
    message: /^failed to open the state of builders: .*buildx/,
  });
  await assert.rejects(lockState({ ...dir, path: join(root, 'other') }, { signal: AbortSignal.abort() }), {
    code: 'CANCELED',
  });
});

test('a choice for another engine holds until one builds here', async () => {
  {
    await using state = await lockState(dir, { signal });
    saveInstance(state, mine, now);
    saveCurrent(state, { key: 'there', name: 'Mine', global: false }, false);
  }
  assert.equal(currentBuilder(dir, 'there').instance?.name, 'Mine');
  await replaceCurrent(dir, 'there');
  assert.equal(currentBuilder(dir, 'there').instance?.name, 'Mine');
  await replaceCurrent(dir, 'here');
  assert.equal(currentBuilder(dir, 'there').instance, undefined);
  assert.equal(readFileSync(join(path, 'current'), 'utf8'), '{"Key":"here","Name":"","Global":false}');
});

test('nothing is made by looking', () => {
  const nowhere = openStateDir(join(root, 'home'), {});
  assert.deepEqual(currentBuilder(nowhere, key), { instance: undefined, replaces: undefined });
  assert.equal(lastActivity(nowhere, 'mine'), undefined);
  assert.throws(() => statSync(nowhere.path), { code: 'ENOENT' });
});
