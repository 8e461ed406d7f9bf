import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LogTail } from '../../../../src/history/timeline/log-tail.ts';

const written = (limit: number, ...chunks: readonly string[]): LogTail => {
  const log = new LogTail(limit);
  for (const chunk of chunks) log.write(Buffer.from(chunk));
  return log;
};

test('lines may be cut anywhere, letters too', () => {
  const log = new LogTail(100);
  for (const byte of Buffer.from('höflich\r\nzwei\n')) log.write(Uint8Array.of(byte));
  assert.deepEqual(log.lines(), ['höflich', 'zwei']);
});

test('what a terminal would not show is left out: colours, and what was written over', () => {
  assert.deepEqual(written(100, '\u001b[31mred\u001b[0m\n10 %\r50 %\rdone\n').lines(), ['red', 'done']);
});

test('of much the end is kept, in whole lines', () => {
  const lines = Array.from({ length: 1000 }, (_, index) => `line ${index}`);
  const log = written(64, ...lines.map((line) => `${line}\n`));
  assert.ok(log.lines().length > 3 && log.lines().length < 12);
  assert.deepEqual(log.lines(), lines.slice(-log.lines().length));
  assert.equal(log.written, lines.join('\n').length + 1);
  assert.deepEqual(written(4, 'one\ntwo\nthree\n').lines(), []);
});

test('nothing is no line', () => {
  assert.deepEqual(written(10).lines(), []);
});
