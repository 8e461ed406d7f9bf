import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TerminalOutput } from '../../../src/cli/terminal-output.ts';

test('a terminal that takes nothing for a while gets everything in order, and holds nobody up', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'tsbx-output-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  // a pipe takes 64 KiB until somebody reads, then refuses
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const fd = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  const terminal = Object.assign(Object.create(process.stderr) as NodeJS.WriteStream, { fd, columns: 80, rows: 24 });
  const output = new TerminalOutput(terminal);
  const sent = Buffer.alloc(300_000, 'abcdefghij');
  let taken = false;
  output.write(sent, () => {
    taken = true;
  });
  const last = new Promise<void>((resolve) => output.write('end', () => resolve()));
  await new Promise(setImmediate);
  assert.equal(taken, false);
  const file = await open(pipe, 'r');
  const chunks: Buffer[] = [];
  for (let length = 0; length < sent.length + 3; ) {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536));
    chunks.push(buffer.subarray(0, bytesRead));
    length += bytesRead;
  }
  await last;
  assert.ok(Buffer.concat(chunks).equals(Buffer.concat([sent, Buffer.from('end')])));
  assert.deepEqual([output.isTTY, output.columns, output.rows], [true, 80, 24]);
  await file.close();
  closeSync(reader);
  closeSync(fd);
});
