import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { saveLocalState, saveLocalStateGroup } from '../../../../src/builder/store/index.ts';

const path = mkdtempSync(join(tmpdir(), 'tsbuildx-refs-'));
after(() => rmSync(path, { recursive: true, force: true }));
const dir = { path, owner: undefined };
const read = (name: string): string => readFileSync(join(path, 'refs', name), 'utf8');

test('a build of a group names it', () => {
  const state = { Target: 'app', LocalPath: '/a<b>', DockerfilePath: '/a/Dockerfile', GroupRef: 'g' };
  saveLocalState(dir, { builder: 'b', node: 'n', id: 'ref' }, state);
  assert.equal(
    read('b/n/ref'),
    '{"Target":"app","LocalPath":"/a\\u003cb\\u003e","DockerfilePath":"/a/Dockerfile","GroupRef":"g"}',
  );
});

test('groups of an older buildx lose what nobody reads any more', () => {
  mkdirSync(join(path, 'refs/__group__'), { recursive: true });
  writeFileSync(
    join(path, 'refs/__group__/old'),
    '{"Definition":"c2VjcmV0","Targets":["t"],"Inputs":["x"],"Refs":["b/n/1"]}',
  );
  saveLocalStateGroup(dir, 'new', { Targets: [], Refs: ['b/n/2', 'b/n/3'] });
  assert.equal(read('__group__/new'), '{"Refs":["b/n/2","b/n/3"]}');
  assert.equal(read('__group__/old'), '{"Targets":["t"],"Refs":["b/n/1"]}');
  assert.equal(read('version'), '2');
});
