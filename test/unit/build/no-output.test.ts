import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isWithoutDefault, noOutputOfTargets } from '../../../src/build/no-output.ts';
import type { BuildOptions } from '../../../src/build/options.ts';

const container = { driver: 'docker-container', defaultLoad: false } as const;
const engine = { driver: 'docker', defaultLoad: false } as const;
const kept: Pick<BuildOptions, 'outputs'> = { outputs: [{ type: 'cacheonly', attrs: {} }] };
const end =
  'with docker-container driver. Build result will only remain in the build cache. ' +
  'To push result image into registry use --push or to load image into docker use --load';

test('targets whose results go nowhere are told together', () => {
  const builds = new Map<string, Pick<BuildOptions, 'outputs'>>([
    ['a', {}],
    ['b', kept],
    ['c', { outputs: [] }],
  ]);
  assert.equal(noOutputOfTargets(builds, [engine, container], {}), `No output specified for a, c target(s) ${end}`);
  assert.equal(noOutputOfTargets(new Map([['default', {}]]), [container], {}), `No output specified ${end}`);
});

test('nothing is told where something is done by default, or nothing is wanted', () => {
  const builds = new Map([['a', {}]]);
  assert.equal(noOutputOfTargets(builds, [engine], {}), undefined);
  assert.equal(noOutputOfTargets(builds, [{ ...container, defaultLoad: true }], {}), undefined);
  assert.equal(noOutputOfTargets(builds, [container], { BUILDX_NO_DEFAULT_LOAD: '1' }), undefined);
  assert.equal(noOutputOfTargets(new Map([['a', kept]]), [container], {}), undefined);
});

test('a word that is no boolean is told', () => {
  const told: string[] = [];
  assert.equal(
    isWithoutDefault({ BUILDX_NO_DEFAULT_LOAD: 'maybe' }, (message) => told.push(message)),
    false,
  );
  assert.deepEqual(told, ['invalid non-bool value for BUILDX_NO_DEFAULT_LOAD: maybe']);
});
