import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkLinks } from '../../../../src/build/bake/linked-targets.ts';

const links = new Map([['app', new Map([['base', 'lib']])]]);

test('a context that is a target is built with the one that needs it', () => {
  checkLinks(links, new Map(Object.entries({ app: [1], lib: [1], other: [1, 2] })));
});

test('nothing waits for a target that is not built', () => {
  assert.throws(() => checkLinks(links, new Map([['app', [1]]])), {
    code: 'INVALID_ARGUMENT',
    message: 'failed to find target lib for context base',
  });
});

test('nothing is handed from one node to another', () => {
  assert.throws(() => checkLinks(links, new Map(Object.entries({ app: [1, 2], lib: [1] }))), {
    message: 'failed to use lib as context base for app because targets build with different drivers',
  });
});

test('linked targets are on one node, or refused before anything is built', () => {
  for (const nodes of [
    { app: [1, 2], lib: [1, 2] },
    { app: [1], lib: [1, 2] },
  ]) {
    assert.throws(() => checkLinks(links, new Map(Object.entries(nodes))), {
      code: 'UNSUPPORTED',
      message: /^target (app|lib): a target that is linked with others cannot be built on several nodes/,
    });
  }
});
