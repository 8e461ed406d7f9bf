// Real programs: shell scripts.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { execAuthenticator } from '../../../../src/kube/auth/exec-plugin.ts';
import { chooseContext } from '../../../../src/kube/kubeconfig/choose.ts';
import { parseKubeconfig } from '../../../../src/kube/kubeconfig/kubeconfig.ts';
import type { Authenticator } from '../../../../src/kube/auth/authenticator.ts';

const V1 = 'client.authentication.k8s.io/v1';
const signal = new AbortController().signal;
let dir = '';
before(async () => {
  dir = await mkdtemp(join(tmpdir(), 'tsbuildx-exec-'));
});
after(async () => await rm(dir, { recursive: true, force: true }));

/** @param script what the program does; @param more of its `exec` section. */
async function plugin(script: string, more = '', command = './plugin', mode = 'Never'): Promise<Authenticator> {
  await writeFile(join(dir, 'plugin'), `#!/bin/sh\necho run >> ${dir}/runs\n${script}\n`);
  await chmod(join(dir, 'plugin'), 0o755);
  await rm(join(dir, 'runs'), { force: true });
  const text = `
current-context: x
clusters:
- name: c
  cluster:
    server: https://h
    certificate-authority-data: Q0E=
    extensions: [{ name: client.authentication.k8s.io/exec, extension: { audience: me } }]
users: [{ name: u, user: { exec: { command: "${command}", apiVersion: ${V1}, interactiveMode: ${mode}${more} } } }]
contexts: [{ name: x, context: { cluster: c, user: u } }]
`;
  const chosen = chooseContext(await parseKubeconfig(text, join(dir, 'config')));
  assert(chosen.user.exec !== undefined);
  return execAuthenticator(chosen.user.exec, chosen, process.env);
}

const print = (status: object): string =>
  `cat <<'END'\n${JSON.stringify({ kind: 'ExecCredential', apiVersion: V1, status })}\nEND`;

const runs = async (): Promise<number> => (await readFile(join(dir, 'runs'), 'utf8')).trim().split('\n').length;

test('is run once for as long as its credentials last', async () => {
  const lasting = await plugin(print({ token: 't', expirationTimestamp: '2999-01-01T00:00:00Z' }));
  const both = await Promise.all([lasting.credentials(signal), lasting.credentials(signal)]);
  await lasting.credentials(signal);
  assert.deepEqual(
    both.map(({ authorization }) => authorization?.reveal()),
    ['Bearer t', 'Bearer t'],
  );
  assert.equal(await runs(), 1);
  const passing = await plugin(print({ token: 't', expirationTimestamp: '2020-01-01T00:00:00Z' }));
  await passing.credentials(signal);
  await passing.credentials(signal);
  assert.equal(await runs(), 2);
});

test('may give a certificate', async () => {
  const { certificate, authorization } = await (
    await plugin(print({ clientCertificateData: 'C', clientKeyData: 'K' }))
  ).credentials(signal);
  assert.deepEqual(certificate, { cert: 'C', key: 'K' });
  assert.equal(authorization, undefined);
});

test('is told what it is for, its arguments and its environment', async () => {
  const more = ', provideClusterInfo: true, args: [a, "b c"], env: [{ name: OWN, value: v }]';
  const script = `printf '%s|%s|%s|%s' "$1" "$2" "$OWN" "$KUBERNETES_EXEC_INFO" > ${dir}/told\n${print({ token: 't' })}`;
  await (await plugin(script, more)).credentials(signal);
  const [first, second, own, info = ''] = (await readFile(join(dir, 'told'), 'utf8')).split('|');
  assert.deepEqual([first, second, own], ['a', 'b c', 'v']);
  assert.deepEqual(JSON.parse(info), {
    kind: 'ExecCredential',
    apiVersion: V1,
    spec: {
      interactive: false,
      cluster: { server: 'https://h', 'certificate-authority-data': 'Q0E=', config: { audience: 'me' } },
    },
  });
});

test('is told that it can ask nobody, where it might have been able to', async () => {
  const told = await plugin(
    `printf %s "$KUBERNETES_EXEC_INFO" > ${dir}/told\n${print({ token: 't' })}`,
    '',
    undefined,
    'IfAvailable',
  );
  await told.credentials(signal);
  const info: unknown = JSON.parse(await readFile(join(dir, 'told'), 'utf8'));
  assert.deepEqual(info, { kind: 'ExecCredential', apiVersion: V1, spec: { interactive: false } });
});

test('fails in the words of client-go, and shows no secret', async () => {
  const table: readonly (readonly [script: string, message: string])[] = [
    ['exit 3', 'exec: executable PLUGIN failed with exit code 3'],
    ['echo secret-token', 'decoding stdout: it is not valid JSON'],
    [
      print({ token: 't' }).replace(V1, `${V1}beta1`),
      `exec plugin is configured to use API version ${V1}, plugin returned version ${V1}beta1`,
    ],
    [`echo '{"apiVersion":"${V1}"}'`, "exec plugin didn't return a status field"],
    [print({}), "exec plugin didn't return a token or cert/key pair"],
    [print({ clientKeyData: 'K' }), 'exec plugin returned only certificate or key, not both'],
  ];
  for (const [script, message] of table) {
    const asked = (await plugin(script)).credentials(signal);
    const expected = `getting credentials: ${message.replace('PLUGIN', join(dir, 'plugin'))}`;
    await assert.rejects(asked, { code: 'AUTH', message: expected });
  }
  const missing = await plugin('', ', installHint: "install it\\u001b[1m"', 'no-such-program-at-all');
  await assert.rejects(missing.credentials(signal), {
    message: 'getting credentials: exec: executable no-such-program-at-all not found\n\ninstall itU+001B[1m',
  });
});

test('can be canceled', async () => {
  const waiting = await plugin('exec sleep 1000');
  const controller = new AbortController();
  const asked = waiting.credentials(controller.signal);
  controller.abort();
  await assert.rejects(asked, { code: 'CANCELED' });
});
