import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openBuilder } from '../../../src/builder/index.ts';
import { loadDockerConfig } from '../../../src/docker/config/index.ts';

const work = mkdtempSync(join(tmpdir(), 'tsbuildx-open-builder-'));
after(() => rmSync(work, { recursive: true }));
const { signal } = new AbortController();

test('a node of an engine is opened without the code of other drivers', () => {
  const hook = `import { registerHooks } from 'node:module';
    registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });`;
  const use = `import { openBuilder } from ${JSON.stringify(import.meta.resolve('../../../src/builder/index.ts'))};
    import { loadDockerConfig } from ${JSON.stringify(import.meta.resolve('../../../src/docker/config/index.ts'))};
    await openBuilder({ builder: undefined, flags: {}, config: await loadDockerConfig(${JSON.stringify(work)}), env: {} });`;
  const args = [
    '--import',
    `data:text/javascript,${encodeURIComponent(hook)}`,
    '--input-type=module-typescript',
    '-e',
    use,
  ];
  const loaded = execFileSync(process.execPath, args, { encoding: 'utf8' });
  const drivers = [...loaded.matchAll(/\/builder\/drivers\/([\w-]+)\//g)].map((match) => match[1]);
  assert.deepEqual(new Set(drivers), new Set(['docker']));
});

test('the container of a builder is looked for on the engine that the builder was made on', async () => {
  const home = `unix://${join(work, 'home.sock')}`;
  const nodes = [{ Name: 'mine0', Endpoint: home }];
  mkdirSync(join(work, 'instances'));
  writeFileSync(
    join(work, 'instances/mine'),
    JSON.stringify({ Name: 'mine', Driver: 'docker-container', Nodes: nodes }),
  );
  await using builder = await openBuilder({
    builder: 'mine',
    flags: {},
    config: await loadDockerConfig(work),
    env: { BUILDX_CONFIG: work, DOCKER_HOST: `unix://${join(work, 'current.sock')}` },
  });
  await assert.rejects(builder.nodes[0].control.listWorkers({ signal }), {
    code: 'TRANSPORT',
    message: new RegExp(home),
  });
});

test('who closes a builder does not wait for a node that boots, and its last use is noted', async () => {
  const state = join(work, 'state');
  mkdirSync(join(state, 'instances'), { recursive: true });
  const nodes = [{ Name: 'far0', Endpoint: `unix://${join(work, 'nowhere.sock')}` }];
  writeFileSync(join(state, 'instances/far'), JSON.stringify({ Name: 'far', Driver: 'remote', Nodes: nodes }));
  const config = await loadDockerConfig(work);
  const builder = await openBuilder({ builder: 'far', flags: {}, config, env: { BUILDX_CONFIG: state } });
  const connecting = builder.nodes[0].connect({ onStatus: () => undefined, signal });
  const ended = assert.rejects(connecting, { message: 'context canceled' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  await builder[Symbol.asyncDispose]();
  await ended;
  assert.match(readFileSync(join(state, 'activity/far'), 'utf8'), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
});
