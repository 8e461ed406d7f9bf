import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLinks, linksOf, withLinked, withoutLinks } from '../../../../src/build/bake/target-links.ts';
import type { BuildOptions } from '../../../../src/build/options.ts';

const links = new Map([['app', new Map([['base', 'lib']])]]);

test('a context that is a target is built with the one that needs it', () => {
  for (const nodes of [
    { app: [1], lib: [1], other: [1, 2] },
    { app: [1, 2], lib: [1, 2] },
    { app: [2], lib: [1, 2] },
  ]) {
    checkLinks(links, new Map(Object.entries(nodes)));
  }
});

test('nothing waits for a target that is not built', () => {
  assert.throws(() => checkLinks(links, new Map([['app', [1]]])), {
    code: 'INVALID_ARGUMENT',
    message: 'failed to find target lib for context base',
  });
});

test('nothing is handed from one node to another', () => {
  for (const nodes of [
    { app: [1, 2], lib: [1] },
    { app: [2], lib: [1] },
  ]) {
    assert.throws(() => checkLinks(links, new Map(Object.entries(nodes))), {
      message: 'failed to use lib as context base for app because targets build with different drivers',
    });
  }
});

test('links are told from other contexts, over any number of targets', () => {
  const build = (namedContexts: Record<string, string>): BuildOptions => ({
    context: { kind: 'local', path: '.' },
    namedContexts,
  });
  const builds = new Map([
    ['app', build({ base: 'target:lib', src: '../src' })],
    ['lib', build({ core: 'target:core' })],
    ['core', build({})],
    ['other', build({ src: '.' })],
  ]);
  const found = linksOf(builds);
  assert.deepEqual([...found.keys()], ['app', 'lib']);
  assert.deepEqual([...(found.get('app') ?? [])], [['base', 'lib']]);
  assert.deepEqual([...withLinked(['app'], found)], ['app', 'lib', 'core']);
  assert.deepEqual(withoutLinks(build({ base: 'target:lib', src: '../src' })).namedContexts, { src: '../src' });
});
