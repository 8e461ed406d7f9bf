import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import { test } from 'node:test';
import { Link } from '../../../../src/kube/exec/link.ts';

test('pings of a peer that reads nothing are answered by one frame and, once it reads, by the newest', () => {
  const written: string[] = [];
  let onRead = (): void => undefined;
  const raw = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _, done) {
      written.push(String(chunk));
      onRead = done;
    },
  });
  const receiver = {
    onStdout: () => true,
    onStderr: () => undefined,
    onStatus: () => undefined,
    onClosed: () => undefined,
  };
  const link = new Link(raw, receiver, { push: () => undefined, ping: () => Buffer.alloc(0) });
  try {
    for (let i = 0; i < 100_000; i++) link.answer(Buffer.from(`${i}`));
    assert.ok(raw.writableLength < 10);
    onRead();
    assert.deepEqual(written, ['0', '99999']);
  } finally {
    link.destroy();
  }
});
