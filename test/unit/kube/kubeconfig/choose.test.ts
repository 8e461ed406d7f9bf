import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseContext } from '../../../../src/kube/kubeconfig/choose.ts';
import { parseKubeconfig } from '../../../../src/kube/kubeconfig/kubeconfig.ts';

async function refusal(cluster: string, user: string, name = ''): Promise<string> {
  const text = `
current-context: x
clusters: [{ name: c, cluster: ${cluster} }]
users: [{ name: u, user: ${user} }]
contexts: [{ name: x, context: { cluster: c, user: u } }, { name: lost, context: { cluster: none, user: u } }]
`;
  const config = await parseKubeconfig(text, '/config');
  try {
    chooseContext(config, name);
  } catch (error) {
    assert(error instanceof Error);
    return error.message;
  }
  return '';
}

test('what makes no sense is refused in the words of client-go', async () => {
  const fine = '{ server: "https://h" }';
  const exec = (more: string): string =>
    `{ exec: { command: a, apiVersion: client.authentication.k8s.io/v1, ${more} } }`;
  const table: readonly (readonly [cluster: string, user: string, message: string])[] = [
    [fine, '{}', ''],
    [fine, exec('interactiveMode: Never'), ''],
    [fine, '{ exec: { command: a, apiVersion: client.authentication.k8s.io/v1beta1 } }', ''],
    ['{ tls-server-name: x }', '{}', 'no server found for cluster "c"'],
    [
      '{ server: "https://h", certificate-authority: /none/ca.pem }',
      '{}',
      'unable to read certificate-authority /none/ca.pem for c due to access /none/ca.pem: no such file or directory',
    ],
    ['{ server: "https://h", proxy-url: "ftp://u:p@h" }', '{}', 'invalid \'proxy-url\' "ftp://***@h" for cluster "c"'],
    [
      fine,
      '{ token: a, username: b }',
      'more than one authentication method found for u; found [token basicAuth], only one is allowed',
    ],
    [
      fine,
      '{ client-certificate-data: YQ== }',
      'client-key-data or client-key must be specified for u to use the clientCert authentication method.',
    ],
    [fine, '{ as-groups: [g] }', 'requesting uid, groups or user-extra for u without impersonating a user'],
    [fine, exec('args: []'), 'interactiveMode must be specified for u to use exec authentication plugin'],
    [fine, exec('interactiveMode: Maybe'), 'invalid interactiveMode for u: "Maybe"'],
    [
      fine,
      '{ exec: { command: a, interactiveMode: Never } }',
      'apiVersion must be specified for u to use exec authentication plugin',
    ],
  ];
  for (const [cluster, user, message] of table) {
    assert.equal(await refusal(cluster, user), message === '' ? '' : `invalid configuration: ${message}`);
  }
  assert.equal(await refusal(fine, '{}', 'nope'), 'context "nope" does not exist');
  assert.equal(
    await refusal(fine, '{}', 'lost'),
    'invalid configuration: no configuration has been provided, try setting KUBERNETES_MASTER environment variable',
  );
});
