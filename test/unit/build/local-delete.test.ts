import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { exportTargets } from '../../../src/build/export-targets.ts';
import { silentSteps } from '../../../src/buildkit/control/client-steps.ts';
import { checkLocalDelete } from '../../../src/build/local-delete.ts';
import { temporaryDirectory } from '../../support/trees.ts';

const mode = (path: string, value = 'delete') =>
  [{ type: 'local', attrs: { mode: value }, dest: { kind: 'directory', path } }] as const;
const allow = ['buildx.local.delete'];

test('a directory is only cleared below the working directory, or when that is allowed', () => {
  using root = temporaryDirectory();
  const cwd = join(root.path, 'work');
  mkdirSync(cwd);
  symlinkSync(root.path, join(cwd, 'link'));
  const check = (path: string, allowed: readonly string[] = [], value = 'delete'): void =>
    checkLocalDelete({ context: { kind: 'memory', files: {} }, outputs: mode(path, value), allow: allowed, cwd }, {});
  for (const path of ['out', 'new/out', './a/../b', '..x']) check(path);
  for (const path of ['.', '..', '../work', '../other', 'link/other', join(root.path, 'other')]) {
    const message = `local output mode=delete for destination ${JSON.stringify(path)} requires --allow=buildx.local.delete`;
    assert.throws(() => check(path), { code: 'INVALID_ARGUMENT', message });
    check(path, allow);
    check(path, [], 'copy');
  }
  assert.throws(() => check('out', [], 'sync'), { message: 'invalid local exporter mode "sync"' });
  check('out', [], ' Delete ');
  assert.throws(() => check('.', [], ' Delete '));
});

test('some directories are never cleared', () => {
  using root = temporaryDirectory();
  mkdirSync(join(root.path, 'tree/.git'), { recursive: true });
  mkdirSync(join(root.path, 'me'));
  symlinkSync('/', join(root.path, 'root'));
  const env = { HOME: join(root.path, 'me') };
  const check = (path: string): void =>
    checkLocalDelete({ context: { kind: 'memory', files: {} }, outputs: mode(path), allow, cwd: root.path }, env);
  const refused: readonly [path: string, why: string][] = [
    ['/', 'the root of the file system'],
    ['root', 'the root of the file system'],
    ['me', 'the home directory'],
    ['tree', 'the top of a git work tree'],
  ];
  for (const [path, why] of refused) {
    assert.throws(() => check(path), {
      message: `local output mode=delete is refused for destination ${JSON.stringify(path)}: it is ${why}`,
    });
  }
  check('tree/out');
});

test('what was not checked is not cleared: only local outputs have the mode', () => {
  const output = { attrs: { mode: 'delete' }, dest: { kind: 'directory', path: '/x' }, pushedByEngine: [] } as const;
  const exporters = ['local', 'of-the-daemon'].map((type) => ({ type, ...output }));
  const targets = exportTargets(exporters, new Map(), silentSteps);
  assert.deepEqual(
    [...targets.values()].map((target) => target.kind === 'directory' && target.deletes),
    [true, false],
  );
});
