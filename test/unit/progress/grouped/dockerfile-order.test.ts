import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DockerfileOrder, placeOf } from '../../../../src/progress/grouped/dockerfile-order.ts';
import { vertex } from '../../../support/progress-status.ts';

/** Stages of one step each, with the stages that they are made from, in the order that comes out. */
function ordered(stages: readonly (readonly [name: string, ...bases: readonly string[]])[]): string[] {
  const order = new DockerfileOrder();
  const nameOf = (stage: string): string => `[${stage} 1/1] RUN x`;
  order.add(
    stages.map(([stage, ...bases]) => vertex(nameOf(stage), undefined, undefined, { inputs: bases.map(nameOf) })),
  );
  const places = stages.map(([stage]) => placeOf({ name: nameOf(stage) }) ?? assert.fail(stage));
  return places.sort((a, b) => order.compare(a, b)).map(({ stage }) => stage);
}

test('a stage comes after all that it is made from, else as it was told of', () => {
  assert.deepEqual(ordered([['a', 'c', 'b'], ['b', 'd'], ['c', 'd'], ['d'], ['e']]), ['d', 'c', 'b', 'a', 'e']);
});

test('stages in a circle, as no Dockerfile has them, have some order', () => {
  assert.deepEqual(ordered([['a', 'b'], ['b', 'a', 'b'], ['c']]), ['b', 'a', 'c']);
});

test('a long chain of stages is no burden', () => {
  const names = Array.from({ length: 20_000 }, (_, i) => `s${i}`);
  const chain = names.map((name, i) => [name, ...names.slice(i + 1, i + 2)] as const);
  assert.deepEqual(ordered(chain), names.toReversed());
});
