import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { SolveStatus } from '../../../src/buildkit/control/index.ts';
import { stepLog } from '../../../src/history/step-log.ts';

async function* told(
  ...logs: readonly (readonly [vertex: string, stream: number, text: string])[]
): AsyncGenerator<SolveStatus> {
  yield {
    vertexes: [{ digest: 'a', name: 'the step', inputs: [], cached: false }],
    statuses: [],
    logs: [],
    warnings: [],
  };
  for (const [vertex, stream, text] of logs) {
    const log = { vertex, stream, data: Buffer.from(text, 'latin1'), timestamp: 0n };
    yield { vertexes: [], statuses: [], logs: [log], warnings: [] };
  }
}

it('puts lines together that came in pieces, each stream for itself', async () => {
  const log = await stepLog(
    told(
      ['a', 1, 'half '],
      ['a', 2, 'err'],
      ['b', 1, 'other\n'],
      ['a', 1, 'a line\n\nnext'],
      ['a', 2, 'or\n'],
      ['a', 1, '\n'],
      ['a', 1, 'last'],
    ),
    'a',
  );
  assert.deepEqual(log, { name: 'the step', lines: ['half a line', 'error', 'next', 'last'] });
});

it('parts characters nowhere', async () => {
  assert.deepEqual((await stepLog(told(['a', 1, '\xc3'], ['a', 1, '\xa4\n']), 'a')).lines, ['ä']);
});

it('is empty for a step that was not told of', async () => {
  assert.deepEqual(await stepLog(told(['a', 1, 'x']), 'c'), { name: '', lines: [] });
});
