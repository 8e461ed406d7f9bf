import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runProgram } from '../../../src/cli/program.ts';

const { signal } = new AbortController();

const refused = (words: readonly string[]): Promise<void> =>
  runProgram({ mode: 'plugin', path: 'docker tsbuildx', docker: {}, debug: false, words }, signal);

for (const word of ['--cache-to=type=local,dest=out,ignore-error=false', '--cache-from=false']) {
  test(`refuses ${word}, whatever its value ends with`, async () => {
    const message = `${word.slice(0, word.indexOf('='))} is not supported yet`;
    await assert.rejects(refused(['build', word, '/nowhere']), { message });
  });
}
