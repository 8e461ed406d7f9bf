import assert from 'node:assert/strict';
import { test } from 'node:test';
import { registryConfigs } from '../../../src/builder/registry-configs.ts';

const file = (text: string): Uint8Array => Buffer.from(text);

test('mirrors, plain HTTP and certificates that came with the builder', async () => {
  const toml = `
    debug = true
    [registry."docker.io"]
      mirrors = ["mirror.example.com", "127.0.0.1:5000"]
    [registry."example.com:5000"]
      http = false
      insecure = true
      ca = ["/etc/buildkit/certs/example.com:5000/ca.pem", "/etc/buildkit/missing.pem"]
      [[registry."example.com:5000".keypair]]
        key = "/etc/buildkit/certs/key.pem"
        cert = "/etc/buildkit/certs/cert.pem"
      [[registry."example.com:5000".keypair]]
        key = "/etc/buildkit/certs/key.pem"
        cert = "/elsewhere/cert.pem"
  `;
  const configs = await registryConfigs({
    'buildkitd.toml': file(toml),
    'certs/example.com:5000/ca.pem': file('CA'),
    'certs/key.pem': file('KEY'),
    'certs/cert.pem': file('CERT'),
  });
  assert.deepEqual(configs.get('docker.io')?.mirrors, ['mirror.example.com', '127.0.0.1:5000']);
  assert.deepEqual(configs.get('example.com:5000'), {
    mirrors: [],
    plainHttp: false,
    insecure: true,
    tls: { ca: ['CA'], clients: [{ key: 'KEY', cert: 'CERT' }] },
  });
});

test('a file that is no TOML is said to be none', async () => {
  await assert.rejects(registryConfigs({ 'buildkitd.toml': file('[registry') }), {
    code: 'INVALID_ARGUMENT',
    message: /^buildkitd\.toml of the builder: /,
  });
});
