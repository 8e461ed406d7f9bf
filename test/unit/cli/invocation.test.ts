import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Invocation, readInvocation } from '../../../src/cli/invocation.ts';

const asPlugin = { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/usr/bin/docker' };
const noDocker: Invocation['docker'] = { configDir: undefined, context: undefined, host: undefined, tls: undefined };

const calls: readonly (readonly [line: string, env: NodeJS.ProcessEnv, expected: Partial<Invocation>])[] = [
  ['build .', {}, { mode: 'standalone', path: 'docker-tsbuildx', docker: {}, words: ['build', '.'] }],
  ['tsbuildx build .', {}, { mode: 'standalone', path: 'docker tsbuildx', docker: noDocker, words: ['build', '.'] }],
  ['tsbuildx build .', asPlugin, { mode: 'plugin', path: 'docker tsbuildx', docker: noDocker, words: ['build', '.'] }],
  ['buildx build .', asPlugin, { mode: 'plugin', path: 'docker buildx', docker: noDocker, words: ['build', '.'] }],
  ['build .', asPlugin, { mode: 'plugin', path: 'docker tsbuildx', docker: noDocker, words: ['build', '.'] }],
  ['-D tsbuildx', asPlugin, { debug: true, words: [] }],
  ['--debug=false tsbuildx -D', asPlugin, { debug: false, words: ['-D'] }],
  ['--context far tsbuildx ls', asPlugin, { docker: { ...noDocker, context: 'far' }, words: ['ls'] }],
  ['-cfar tsbuildx ls', asPlugin, { docker: { ...noDocker, context: 'far' }, words: ['ls'] }],
  ['-H tcp://a:1 --config /c tsbuildx', asPlugin, { docker: { ...noDocker, host: 'tcp://a:1', configDir: '/c' } }],
  ['-l debug tsbuildx build -l x', asPlugin, { docker: noDocker, words: ['build', '-l', 'x'] }],
  [
    '--tlsverify --tlscacert ca.pem buildx',
    asPlugin,
    {
      docker: {
        ...noDocker,
        tls: { enabled: true, verify: true, ca: 'ca.pem', cert: undefined, key: undefined },
      },
    },
  ],
];

for (const [line, env, expected] of calls) {
  test(`${Object.keys(env).length > 0 ? 'docker' : 'standalone'}: ${line}`, () => {
    const invocation = readInvocation(line.split(' '), '/usr/bin/node', env);
    for (const [key, value] of Object.entries(expected)) assert.deepEqual({ ...invocation }[key], value, key);
  });
}

test('the name of the file is the name in usage lines', () => {
  assert.equal(readInvocation([], '/opt/docker-buildx', {}).path, 'docker-buildx');
  assert.equal(readInvocation([], 'C:/x/docker-tsbuildx.exe', {}).path, 'docker-tsbuildx');
});

test("an unknown flag before the plugin's name is an error", () => {
  assert.throws(() => readInvocation(['--nope', 'tsbuildx'], 'x', asPlugin), {
    code: 'USAGE',
    message: 'unknown flag: --nope',
  });
});
