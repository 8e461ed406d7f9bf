import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepTitle } from '../../../../src/history/timeline/step-title.ts';

const cases: readonly (readonly [name: string, platform: string, stage: string, place: string, text: string])[] = [
  ['[build 2/7] RUN make', '', 'build', '2/7', 'RUN make'],
  ['[linux/arm64 build 2/7] RUN make', 'linux/arm64', 'build', '2/7', 'RUN make'],
  ['[linux/arm/v7 stage-1 1/2] FROM a', 'linux/arm/v7', 'stage-1', '1/2', 'FROM a'],
  ['[internal] load .dockerignore', '', 'internal', '', 'load .dockerignore'],
  ['[linux/amd64 internal] load metadata for x', 'linux/amd64', 'internal', '', 'load metadata for x'],
  ['[2/7] RUN [ -f x ]', '', '', '2/7', 'RUN [ -f x ]'],
  ['exporting to image', '', '', '', 'exporting to image'],
  ['[auth] a/b:pull token', '', 'auth', '', 'a/b:pull token'],
  ['[]', '', '', '', '[]'],
  ['[x]', '', '', '', '[x]'],
];

for (const [name, ...expected] of cases) {
  test(name, () => {
    const { platform = '', stage = '', place = '', text } = stepTitle(name);
    assert.deepEqual([platform, stage, place, text], expected);
  });
}
