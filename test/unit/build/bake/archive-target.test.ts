import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newTarget } from '../../../../src/bake/model/target.ts';
import { pathInArchive } from '../../../../src/build/archive-context.ts';
import { buildFromArchive, inArchive } from '../../../../src/build/bake/archive-target.ts';

const url = 'https://example.com/x.tar.gz';

test('relative contexts lie in the archive, the others where they are', () => {
  const contexts = new Map([
    ['root', '.'],
    ['lib', './lib/x/'],
    ['here', 'cwd://src'],
    ['base', 'target:base'],
    ['image', 'docker-image://alpine'],
    ['git', 'https://github.com/o/r.git'],
  ]);
  const placed = inArchive(newTarget('app', { context: 'app/../web', contexts }), url);
  assert.equal(placed.target.context, url);
  assert.deepEqual([...(placed.target.contexts?.keys() ?? [])], ['here', 'base', 'image', 'git']);
  assert.deepEqual(placed.context, { url, subdir: 'web' });
  assert.deepEqual(Object.fromEntries(placed.contexts), { root: { url, subdir: '' }, lib: { url, subdir: 'lib/x' } });

  const elsewhere = inArchive(newTarget('app', { context: 'cwd://' }), url);
  assert.equal(elsewhere.context, undefined);
  assert.equal(elsewhere.target.context, 'cwd://');
});

test('no path leads out of an archive', () => {
  const rows = ['.', '', '/', './', 'a', '/a/', 'a/../b', '../../etc', 'a/../../etc'];
  assert.deepEqual(rows.map(pathInArchive), ['', '', '', '', 'a', 'a', 'b', 'etc', 'etc']);
});

test('the Dockerfile is found beside the context, and both are printed as they are written', () => {
  const target = newTarget('app', { context: 'app', dockerfile: 'sub/Other', contexts: new Map([['lib', 'lib']]) });
  const placed = inArchive(target, url);
  const options = { context: { kind: 'remote', url }, dockerfile: { kind: 'path', path: 'sub/Other' } } as const;
  const build = buildFromArchive({ target: placed.target, options }, target, placed);
  assert.deepEqual(build.options, {
    context: { kind: 'remote', url, subdir: 'app' },
    dockerfile: { kind: 'path', path: 'app/sub/Other' },
    archiveContexts: { lib: { url, subdir: 'lib' } },
  });
  assert.equal(build.target.context, 'app');
  assert.deepEqual(build.target.contexts, target.contexts);

  const root = inArchive(newTarget('app'), url);
  const local = { ...options, dockerfile: { kind: 'path', path: '/here/Dockerfile' } } as const;
  const whole = buildFromArchive({ target: root.target, options: local }, newTarget('app'), root);
  assert.equal(whole.target.context, url);
  assert.deepEqual(whole.options.dockerfile, local.dockerfile);
});
