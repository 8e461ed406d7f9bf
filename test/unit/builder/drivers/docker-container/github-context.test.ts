import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { githubContext } from '../../../../../src/builder/drivers/docker-container/github-context.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbx-gha-'));
after(() => rmSync(dir, { recursive: true }));
const event = join(dir, 'event.json');
const run = { GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event };

async function context(env: Readonly<Record<string, string>>): Promise<unknown> {
  const bytes = await githubContext(env);
  return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString());
}

test('outside of a run, and without its event, there is nothing to tell', async () => {
  assert.equal(await context({}), undefined);
  assert.equal(
    await context({ GITHUB_ACTIONS: 'false', GITHUB_EVENT_NAME: 'push', GITHUB_EVENT_PATH: event }),
    undefined,
  );
  assert.equal(await context({ GITHUB_ACTIONS: 'true', GITHUB_EVENT_NAME: 'push' }), undefined);
});

test('a group of facts is told whole or not at all', async () => {
  writeFileSync(event, '{"ref":"refs/heads/main"}');
  const actor = { GITHUB_ACTOR: 'octo', GITHUB_ACTOR_ID: '1', GITHUB_TRIGGERING_ACTOR: 'cat' };
  const ref = { GITHUB_REF: 'refs/heads/main', GITHUB_REF_NAME: 'main', GITHUB_REF_TYPE: 'branch' };
  assert.deepEqual(await context({ ...run, ...actor, ...ref }), {
    github_actor: 'octo',
    github_actor_id: '1',
    github_event_name: 'push',
    github_event_payload: { ref: 'refs/heads/main' },
    github_triggering_actor: 'cat',
  });
});

test('an event that cannot be read', async () => {
  await assert.rejects(githubContext({ ...run, GITHUB_EVENT_PATH: '/none.json' }), {
    code: 'IO',
    message: /^failed to read GITHUB_EVENT_PATH "\/none\.json": open \/none\.json: no such file/,
  });
  writeFileSync(event, '[1]');
  await assert.rejects(githubContext(run), { code: 'INVALID_ARGUMENT', message: /^failed to unmarshal GitHub event/ });
});
