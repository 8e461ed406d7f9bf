import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { watch } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openUrl } from '../../../src/cli/open-url.ts';

/** A system whose browser does this. */
function systemWith(script: string): { readonly dir: string; readonly env: NodeJS.ProcessEnv } & Disposable {
  const dir = mkdtempSync(join(tmpdir(), 'open-url-'));
  const program = join(dir, 'xdg-open');
  writeFileSync(program, `#!/bin/sh\n${script}\n`);
  chmodSync(program, 0o755);
  const env = { PATH: `${dir}:${process.env['PATH']}`, DIR: dir };
  return { dir, env, [Symbol.dispose]: () => rmSync(dir, { recursive: true }) };
}

async function fileIn(dir: string, name: string): Promise<void> {
  for await (const { filename } of watch(dir)) if (filename === name) return;
}

const { signal } = new AbortController();

test('the program gets the URL, and its failure is told', async () => {
  using system = systemWith('printf %s "$1" > "$DIR/url"; exit "${1#*/}"');
  await openUrl('x/0', { signal, env: system.env });
  assert.equal(readFileSync(join(system.dir, 'url'), 'utf8'), 'x/0');
  await assert.rejects(openUrl('x/3', { signal, env: system.env }), { code: 'IO', message: 'exit status 3' });
});

test('a browser that stays open keeps nobody who is told to stop', async () => {
  using system = systemWith('echo $$ > "$DIR/new"; mv "$DIR/new" "$DIR/pid"; exec sleep 60');
  const stopping = new AbortController();
  const started = fileIn(system.dir, 'pid');
  const opening = openUrl('x', { signal: stopping.signal, env: system.env });
  await started;
  stopping.abort();
  await assert.rejects(opening, { code: 'CANCELED' });
  const held = process.getActiveResourcesInfo();
  process.kill(Number(readFileSync(join(system.dir, 'pid'), 'utf8')));
  assert.ok(!held.includes('ProcessWrap'));
});
