import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Target, newTarget } from '../../../../src/bake/model/target.ts';
import { builtTargets, targetCalls } from '../../../../src/cli/commands/bake-calls.ts';
import type { BakeDefinition, BuildOptions } from '../../../../src/index.ts';

type Contexts = Readonly<Record<string, string>>;

/** Targets with the contexts that each takes from elsewhere. */
function definition(
  targets: Readonly<Record<string, Partial<Target>>>,
  contexts: Readonly<Record<string, Contexts>> = {},
): BakeDefinition {
  const options = (name: string): BuildOptions => ({
    context: { kind: 'memory', files: {} },
    namedContexts: contexts[name] ?? {},
  });
  const names = Object.keys(targets);
  return {
    groups: new Map(),
    targets: new Map(Object.entries(targets).map(([name, target]) => [name, { ...newTarget(name), ...target }])),
    builds: new Map(names.map((name) => [name, options(name)])),
    grants: { read: [], write: [], networkHost: false, securityInsecure: false },
    toJson: () => '',
    toGraph: () => '',
  };
}

test('a target that is asked something', () => {
  const read = definition({ app: { call: 'check' }, lib: {} });
  assert.deepEqual([...targetCalls(read, undefined).keys()], ['app']);
});

test('a target that is only the context of one that is asked something is not built', () => {
  const read = definition({ app: { call: 'check' }, lib: { linked: true } }, { app: { base: 'target:lib' } });
  assert.deepEqual([...builtTargets(read, targetCalls(read, undefined)).keys()], []);
});

test('a target that is asked something is built without a result where another needs it', () => {
  const read = definition({ app: { call: 'check' }, web: {} }, { web: { base: 'target:app' } });
  const built = builtTargets(read, targetCalls(read, undefined));
  assert.deepEqual([...built.keys()], ['app', 'web']);
  assert.deepEqual(built.get('app')?.outputs, [{ type: 'cacheonly', attrs: {} }]);
});
