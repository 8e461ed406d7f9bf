import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { openNode } from '../../../src/builder/index.ts';
import { loadDockerConfig } from '../../../src/docker/config/index.ts';

const work = mkdtempSync(join(tmpdir(), 'tsbuildx-open-node-'));
after(() => rmSync(work, { recursive: true }));
const { signal } = new AbortController();

test('the container of a builder is looked for on the engine that the builder was made on', async () => {
  const home = `unix://${join(work, 'home.sock')}`;
  const nodes = [{ Name: 'mine0', Endpoint: home }];
  mkdirSync(join(work, 'instances'));
  writeFileSync(
    join(work, 'instances/mine'),
    JSON.stringify({ Name: 'mine', Driver: 'docker-container', Nodes: nodes }),
  );
  await using node = await openNode({
    builder: 'mine',
    flags: {},
    config: await loadDockerConfig(work),
    env: { BUILDX_CONFIG: work, DOCKER_HOST: `unix://${join(work, 'current.sock')}` },
  });
  await assert.rejects(node.control.listWorkers({ signal }), { code: 'TRANSPORT', message: new RegExp(home) });
});
