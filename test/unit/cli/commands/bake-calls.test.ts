import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newTarget } from '../../../../src/bake/model/target.ts';
import { targetCalls } from '../../../../src/cli/commands/bake-calls.ts';
import type { BakeDefinition, BuildOptions } from '../../../../src/index.ts';

function definition(contexts: Readonly<Record<string, string>>): BakeDefinition {
  const options: BuildOptions = { context: { kind: 'memory', files: {} }, namedContexts: contexts };
  return {
    groups: new Map(),
    targets: new Map([['app', { ...newTarget('app'), call: 'check' }]]),
    builds: new Map([['app', options]]),
    grants: { read: [], write: [], networkHost: false, securityInsecure: false },
    toJson: () => '',
    toGraph: () => '',
  };
}

test('a target that is asked something', () => {
  assert.deepEqual([...targetCalls(definition({ base: 'docker-image://a' }), undefined).keys()], ['app']);
});

test('a call of a target with another as context is refused as soon as it is read, before others are built', () => {
  assert.throws(() => targetCalls(definition({ base: 'target:lib' }), undefined), {
    code: 'UNSUPPORTED',
    message: /^--call of target app, whose context base is another target, is not possible yet/,
  });
});
