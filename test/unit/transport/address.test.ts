import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TsbuildxError } from '../../../src/base/errors.ts';
import { formatAddress, parseAddress } from '../../../src/transport/index.ts';

const valid: readonly (readonly [text: string, parsed: object, canonical?: string])[] = [
  ['unix:///run/buildkit/buildkitd.sock', { kind: 'unix', path: '/run/buildkit/buildkitd.sock' }],
  ['unix://relative/path.sock', { kind: 'unix', path: 'relative/path.sock' }],
  ['unix:///with space/x y.sock', { kind: 'unix', path: '/with space/x y.sock' }],
  ['unix:///with%20escape', { kind: 'unix', path: '/with%20escape' }],
  [`unix:///${'d'.repeat(200)}/s`, { kind: 'unix', path: `/${'d'.repeat(200)}/s` }],
  ['unix://@abstract', { kind: 'unix', path: '@abstract' }],
  ['npipe:////./pipe/docker_engine', { kind: 'npipe', path: '//./pipe/docker_engine' }],
  ['tcp://127.0.0.1:1234', { kind: 'tcp', host: '127.0.0.1', port: 1234, path: '' }],
  ['tcp://host.example:2375/prefix', { kind: 'tcp', host: 'host.example', port: 2375, path: '/prefix' }],
  ['tcp://[::1]:1234', { kind: 'tcp', host: '::1', port: 1234, path: '' }],
  ['tcp://[fe80::1%25eth0]:99', { kind: 'tcp', host: 'fe80::1%eth0', port: 99, path: '' }],
  ['TCP://localhost:1/', { kind: 'tcp', host: 'localhost', port: 1, path: '' }, 'tcp://localhost:1'],
  ['ssh://host', { kind: 'ssh', user: undefined, host: 'host', port: undefined, path: '' }],
  ['ssh://me@host:2222/run/d.sock', { kind: 'ssh', user: 'me', host: 'host', port: '2222', path: '/run/d.sock' }],
  ['ssh://me@[::1]', { kind: 'ssh', user: 'me', host: '::1', port: undefined, path: '' }],
  [
    'ssh://me%40corp@host',
    { kind: 'ssh', user: 'me@corp', host: 'host', port: undefined, path: '' },
    'ssh://me@corp@host',
  ],
  [
    'docker-container://buildx_buildkit_x0',
    { kind: 'docker-container', container: 'buildx_buildkit_x0', context: undefined },
  ],
  ['docker-container://bk?context=remote', { kind: 'docker-container', container: 'bk', context: 'remote' }],
  [
    'kube-pod://pod-0?context=c&namespace=n&container=k',
    { kind: 'kube-pod', pod: 'pod-0', namespace: 'n', container: 'k', context: 'c' },
    'kube-pod://pod-0?context=c&namespace=n&container=k',
  ],
];

for (const [text, parsed, canonical = text] of valid) {
  test(`parses ${text.slice(0, 60)}`, () => {
    const address = parseAddress(text);
    assert.deepEqual(address, parsed);
    assert.equal(formatAddress(address), canonical);
    assert.deepEqual(parseAddress(formatAddress(address)), address);
  });
}

const invalid: readonly (readonly [text: string, why: RegExp])[] = [
  ['', /expected scheme:/],
  ['/run/docker.sock', /expected scheme:/],
  ['http://host', /unknown scheme "http"/],
  ['unix://', /path of the socket is missing/],
  ['npipe://', /name of the pipe is missing/],
  ['tcp://host', /port is missing/],
  ['tcp://:1234', /host is missing/],
  ['tcp://host:port', /invalid port "port"/],
  ['tcp://host:0', /invalid port "0"/],
  ['tcp://host:65536', /invalid port "65536"/],
  ['tcp://::1:1234', /IPv6 address must be in brackets/],
  ['tcp://[host]:1234', /only an IPv6 address/],
  ['tcp://[::1:1234', /IPv6 address must be in brackets/],
  ['tcp://user@host:1', /user name is not supported/],
  ['ssh://', /host is missing/],
  ['ssh://me:secret@host', /password is not supported/],
  ['ssh://host?x=1', /query parameters/],
  ['ssh://host#x', /fragments/],
  ['ssh://-oProxyCommand=evil', /must not start with a dash/],
  ['ssh://-l@host', /must not start with a dash/],
  ['docker-container://', /name of the container is missing/],
  ['docker-container://a/b', /path is not allowed/],
  ['kube-pod://', /name of the pod is missing/],
  ['kube-pod://Pod', /unsupported pod name "Pod"/],
  ['kube-pod://pod?namespace=a;b', /unsupported namespace name/],
  ['kube-pod://%zz', /invalid escape/],
];

for (const [text, why] of invalid) {
  test(`refuses ${JSON.stringify(text)}`, () => {
    assert.throws(
      () => parseAddress(text),
      (error) => {
        assert.ok(error instanceof TsbuildxError);
        assert.equal(error.code, 'INVALID_ARGUMENT');
        assert.match(error.message, why);
        assert.ok(error.message.includes(JSON.stringify(text)), 'the message quotes the address');
        return true;
      },
    );
  });
}

test('takes host and port of a tcp address from the defaults', () => {
  const defaults = { host: 'localhost', port: 2375 };
  assert.deepEqual(parseAddress('tcp://', defaults), { kind: 'tcp', host: 'localhost', port: 2375, path: '' });
  assert.deepEqual(parseAddress('tcp://h:', defaults), { kind: 'tcp', host: 'h', port: 2375, path: '' });
  assert.deepEqual(parseAddress('tcp://[::1]', defaults), { kind: 'tcp', host: '::1', port: 2375, path: '' });
  assert.deepEqual(parseAddress('tcp://:1/p', defaults), { kind: 'tcp', host: 'localhost', port: 1, path: '/p' });
});
