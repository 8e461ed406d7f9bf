import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, test } from 'node:test';
import { chooseContext } from '../../../../src/kube/kubeconfig/choose.ts';
import { loadKubeconfig } from '../../../../src/kube/kubeconfig/load.ts';

let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-kubeconfig-'));
  await mkdir(join(dir, '.kube/certs'), { recursive: true });
  await writeFile(join(dir, '.kube/certs/ca.pem'), 'CA');
  await writeFile(
    join(dir, '.kube/config'),
    `
current-context: home
clusters: [{ name: c, cluster: { server: "https://home", certificate-authority: certs/ca.pem } }]
users: [{ name: u, user: { token: home-token } }]
contexts: [{ name: home, context: { cluster: c, user: u, namespace: home-ns } }]
`,
  );
  await writeFile(
    join(dir, 'other'),
    `
current-context: other
clusters: [{ name: c, cluster: { server: "https://other" } }, { name: d, cluster: { server: "https://d" } }]
users: [{ name: u, user: { tokenFile: only-here } }]
contexts: [{ name: other, context: { cluster: d, user: u } }, { name: no-user, context: { cluster: d } }]
`,
  );
  await writeFile(join(dir, 'empty'), '');
  await writeFile(join(dir, 'broken'), 'clusters: [');
});
after(async () => await rm(dir, { recursive: true, force: true }));

test('the file at home is read when nothing is said; its paths start where it lies', async () => {
  const { namespace, cluster, user } = chooseContext(await loadKubeconfig(undefined, { HOME: dir }));
  assert.equal(namespace, 'home-ns');
  assert.equal(cluster.server, 'https://home');
  assert.equal(cluster.caFile, join(dir, '.kube/certs/ca.pem'));
  assert.equal(user.token, 'home-token');
});

test('of several files the first that has a name wins, whole', async () => {
  const list = (...names: string[]): string => names.map((name) => join(dir, name)).join(delimiter);
  const files = list('missing', 'other', 'empty', '.kube/config');
  const config = await loadKubeconfig(undefined, { KUBECONFIG: files, HOME: '/nowhere' });
  assert.equal(config.currentContext, 'other');
  assert.equal(chooseContext(config).cluster.server, 'https://d');
  assert.equal(chooseContext(config, 'home').cluster.server, 'https://other');
  assert.equal(chooseContext(config, 'home').user.tokenFile, join(dir, 'only-here'));
  const reversed = await loadKubeconfig(list('.kube/config', 'other'), {});
  assert.equal(reversed.currentContext, 'home');
  assert.equal(chooseContext(reversed).user.tokenFile, '');
  assert.equal(chooseContext(reversed, 'no-user').namespace, 'default');
});

test('what is wrong is told without the line that it stands in', async () => {
  const file = join(dir, 'unquoted');
  for (const user of ['token: s3cret: x', 'token: "s3cret', 'password: @s3cret']) {
    await writeFile(file, `users:\n- name: a\n  user:\n    ${user}\n`);
    await assert.rejects(loadKubeconfig(file, {}), (error: Error) => {
      assert.match(error.message, /^error loading config file ".*unquoted": .+/);
      assert.doesNotMatch(error.message, /s3cret/);
      return true;
    });
  }
});

test('a file that is named must be there, others need not', async () => {
  assert.equal((await loadKubeconfig('', { KUBECONFIG: join(dir, 'missing') })).currentContext, '');
  await assert.rejects(loadKubeconfig(join(dir, 'missing'), {}), {
    code: 'IO',
    message: `stat ${join(dir, 'missing')}: no such file or directory`,
  });
  await assert.rejects(loadKubeconfig(join(dir, 'broken'), {}), {
    code: 'INVALID_ARGUMENT',
    message: /^error loading config file ".*broken": /,
  });
});
