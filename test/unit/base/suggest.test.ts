import assert from 'node:assert/strict';
import { test } from 'node:test';
import { didYouMean, suggest } from '../../../src/base/suggest.ts';

const commands = ['ADD', 'ARG', 'CMD', 'COPY', 'FROM', 'RUN'];

const insensitive: readonly [word: string, suggestion: string | undefined][] = [
  ['FORM', 'FROM'],
  ['form', 'from'],
  ['Form', 'from'],
  ['FR', 'FROM'],
  ['coo', 'copy'],
  ['COPYALL', undefined],
  ['run', undefined],
  ['', undefined],
];

for (const [word, suggestion] of insensitive) {
  test(`${JSON.stringify(word)} was ${suggestion ?? 'anything'}`, () => {
    assert.equal(suggest(word, commands, { caseSensitive: false, unordered: true }), suggestion);
  });
}

test('case counts where names have one', () => {
  assert.equal(suggest('Chown', ['chown', 'chmod'], { caseSensitive: true }), 'chown');
  assert.equal(didYouMean('chonw', ['chown'], { caseSensitive: true }), ' (did you mean chown?)');
  assert.equal(didYouMean('owner', ['chown'], { caseSensitive: true }), '');
});

test('of equally near names the first is meant, but where their order means nothing the one that begins more alike', () => {
  assert.equal(suggest('BAR', ['A', 'B'], { caseSensitive: true }), 'A');
  assert.equal(suggest('BAR', ['A', 'B'], { caseSensitive: true, unordered: true }), 'B');
});
