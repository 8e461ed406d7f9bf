import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseDockerHost } from '../../../../src/docker/contexts/docker-host.ts';

const linux = { platform: 'linux', tls: false } as const;

const valid: readonly (readonly [text: string, host: string])[] = [
  ['', 'unix:///var/run/docker.sock'],
  ['  ', 'unix:///var/run/docker.sock'],
  ['unix://', 'unix:///var/run/docker.sock'],
  ['unix://path/to/socket', 'unix://path/to/socket'],
  ['npipe://', 'npipe:////./pipe/docker_engine'],
  ['tcp://', 'tcp://localhost:2375'],
  ['tcp://host:', 'tcp://host:2375'],
  ['tcp://:2376', 'tcp://localhost:2376'],
  [' tcp://:7777/path ', 'tcp://localhost:7777/path'],
  ['0.0.0.1:5555/path', 'tcp://0.0.0.1:5555/path'],
  ['[::1]:', 'tcp://[::1]:2375'],
  ['localhost:5555', 'tcp://localhost:5555'],
  [':6666', 'tcp://localhost:6666'],
  ['ssh://me@host:22/run/d.sock', 'ssh://me@host:22/run/d.sock'],
];

for (const [text, host] of valid) {
  test(`${JSON.stringify(text)} is ${host}`, () => assert.equal(parseDockerHost(text, linux).host, host));
}

test('the default depends on TLS and platform', () => {
  assert.equal(parseDockerHost('', { platform: 'linux', tls: true }).host, 'tcp://localhost:2376');
  assert.equal(parseDockerHost('', { platform: 'win32', tls: false }).host, 'npipe:////./pipe/docker_engine');
  assert.equal(parseDockerHost('', { platform: 'win32', tls: true }).host, 'tcp://127.0.0.1:2376');
});

const invalid: readonly (readonly [text: string, message: RegExp])[] = [
  ['udp://127.0.0.1:2375', /^invalid bind address format: udp:\/\/127\.0\.0\.1:2375$/],
  ['tcp://unix:///run/docker.sock', /^invalid proto, expected tcp: unix:\/\/\/run\/docker\.sock$/],
  ['unix://tcp://x', /^invalid proto, expected unix: tcp:\/\/x$/],
  ['tcp://invalid:port', /invalid port "port"/],
  ['fd://3', /cannot connect to fd/],
  ['ssh://me:pw@host', /password is not supported/],
];

for (const [text, message] of invalid) {
  test(`refuses ${text}`, () => {
    assert.throws(() => parseDockerHost(text, linux), { code: 'INVALID_ARGUMENT', message });
  });
}
