import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { loadDaemonConfig } from '../../../../src/builder/drivers/daemon-config.ts';

const dir = mkdtempSync(join(tmpdir(), 'tsbx-daemon-config-'));
after(() => rmSync(dir, { recursive: true }));

function config(text: string): string {
  const path = join(dir, 'buildkitd.toml');
  writeFileSync(path, text);
  return path;
}

async function load(text: string): Promise<Record<string, string>> {
  const { files } = await loadDaemonConfig(config(text));
  return Object.fromEntries(Object.entries(files).map(([name, data]) => [name, Buffer.from(data).toString()]));
}

test('certificates come along, and are named where they will be', async () => {
  for (const name of ['ca', 'key', 'cert']) writeFileSync(join(dir, `${name}.pem`), `${name}!`);
  const text = `
debug = true
[registry."reg.test:5000"]
  http = false
  ca = ["${dir}/ca.pem"]
  [[registry."reg.test:5000".keypair]]
    key = "${dir}/key.pem"
    cert = "${dir}/cert.pem"
[registry."plain.test"]
  mirrors = ["m.test"]
`;
  assert.deepEqual(await load(text), {
    'certs/reg.test_5000/ca.pem': 'ca!',
    'certs/reg.test_5000/key.pem': 'key!',
    'certs/reg.test_5000/cert.pem': 'cert!',
    'buildkitd.toml': `debug = true

[registry]
[registry.'plain.test']
mirrors = ['m.test']

[registry.'reg.test:5000']
ca = ['/etc/buildkit/certs/reg.test_5000/ca.pem']
http = false

[[registry.'reg.test:5000'.keypair]]
cert = '/etc/buildkit/certs/reg.test_5000/cert.pem'
key = '/etc/buildkit/certs/reg.test_5000/key.pem'
`,
  });
});

test('a configuration without anything is a file without anything', async () => {
  assert.deepEqual(await load('# nothing\n'), { 'buildkitd.toml': '' });
});

test('what the configuration grants is told', async () => {
  const { entitlements } = await loadDaemonConfig(config('insecure-entitlements = ["network.host", "device"]'));
  assert.deepEqual(entitlements, ['network.host', 'device']);
});

const broken: readonly [text: string, code: string, message: RegExp][] = [
  ['debug = ', 'INVALID_ARGUMENT', /^failed to load buildkit configuration file: .*buildkitd\.toml: /],
  ['registry = 1', 'INVALID_ARGUMENT', /^invalid registry config$/],
  ['[registry]\nx = 1', 'INVALID_ARGUMENT', /^invalid registry config for "x"$/],
  ['[registry.x]\nca = "a"', 'INVALID_ARGUMENT', /^invalid registry config for "x": ca$/],
  ['[registry.x]\nca = [1]', 'INVALID_ARGUMENT', /^invalid registry config for "x": ca$/],
  ['[registry.x]\nkeypair = [{ key = 1 }]', 'INVALID_ARGUMENT', /^invalid registry config for "x": keypair$/],
  ['[registry.x]\nca = ["/none.pem"]', 'IO', /^failed to read CA file: \/none\.pem: open \/none\.pem: no such file/],
  ['[registry.x]\nkeypair = [{ key = "/none.pem" }]', 'IO', /^failed to read key file: \/none\.pem: /],
];

for (const [text, code, message] of broken) {
  test(`refuses ${JSON.stringify(text)}`, async () => {
    await assert.rejects(loadDaemonConfig(config(text)), { code, message });
  });
}

test('a configuration that is not there', async () => {
  await assert.rejects(loadDaemonConfig('/none/buildkitd.toml'), {
    code: 'IO',
    message:
      'buildkit configuration file not found: /none/buildkitd.toml: stat /none/buildkitd.toml: no such file or directory',
  });
});
