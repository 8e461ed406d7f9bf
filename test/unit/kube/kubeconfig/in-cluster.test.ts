import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { inClusterContext } from '../../../../src/kube/kubeconfig/in-cluster.ts';

test('a pod finds its own cluster, and nobody else does', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'tsbuildx-in-cluster-'));
  try {
    const env = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    assert.equal(await inClusterContext(env, dir), undefined);
    await writeFile(join(dir, 'token'), 't');
    await writeFile(join(dir, 'namespace'), 'mine\n');
    assert.equal(await inClusterContext({}, dir), undefined);
    const found = await inClusterContext(env, dir);
    assert.equal(found?.namespace, 'mine');
    assert.equal(found.cluster.server, 'https://[fd00::1]:443');
    assert.equal(found.cluster.caFile, join(dir, 'ca.crt'));
    assert.equal(found.user.tokenFile, join(dir, 'token'));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
});
