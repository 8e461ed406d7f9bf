import assert from 'node:assert/strict';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { parseAllowed } from '../../../../src/bake/entitlements/index.ts';
import { newTarget, type Target } from '../../../../src/bake/model/target.ts';
import { missingPrivileges } from '../../../../src/build/bake/needs.ts';
import { targetBuild } from '../../../../src/build/bake/target-options.ts';

const cwd = realpathSync(mkdtempSync(join(tmpdir(), 'tsbuildx-needs-')));
after(() => rmSync(cwd, { recursive: true, force: true }));

/** The flags that a target needs. */
async function flagsOf(properties: Partial<Target>, env: Record<string, string> = {}): Promise<readonly string[]> {
  const setting = { env, cwd, stdout: process.stdout, signal: new AbortController().signal };
  const { options } = await targetBuild(newTarget('app', properties), setting);
  const grants = { read: [], write: [], networkHost: false, securityInsecure: false };
  const definition = { builds: new Map([['app', options]]), grants };
  const request = missingPrivileges(
    { ...definition, groups: new Map(), targets: new Map(), toJson: () => '', toGraph: () => '' },
    parseAllowed([]),
    cwd,
  );
  return [...(request?.serious ?? []), ...(request?.files ?? [])].map(({ flag }) => flag);
}

test('the working directory may be read, and what is named in it', async () => {
  assert.deepEqual(await flagsOf({}), []);
  assert.deepEqual(await flagsOf({ context: 'sub', dockerfile: '../Dockerfile', ignoreFile: '../ignore' }), []);
});

test('what is outside of it has to be allowed', async () => {
  assert.deepEqual(await flagsOf({ context: '..' }), ['fs.read=..']);
  assert.deepEqual(await flagsOf({ ignoreFile: '../ignore' }), ['fs.read=..']);
  assert.deepEqual(await flagsOf({ dockerfile: '/' }), ['fs.read=/']);
});

test('a context elsewhere does not make a Dockerfile of this machine harmless', async () => {
  const context = 'https://example.com/r.git';
  assert.deepEqual(await flagsOf({ context, dockerfile: 'sub/Dockerfile' }), []);
  assert.deepEqual(await flagsOf({ context, dockerfile: '/' }), ['fs.read=/']);
});

test('a context that git fetches over ssh needs the agent', async () => {
  const socket = join(cwd, 'agent');
  const agent = createServer().listen(socket);
  try {
    assert.deepEqual(await flagsOf({ context: 'git@example.com:o/r.git' }, { SSH_AUTH_SOCK: socket }), ['ssh']);
  } finally {
    agent.close();
  }
});
