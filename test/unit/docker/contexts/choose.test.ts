import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseEndpoint, type ChoiceInput, type EndpointChoice } from '../../../../src/docker/contexts/choose.ts';

const base: ChoiceInput = { flags: {}, env: {}, currentContext: undefined, configDir: '/home/me/.docker' };
const DEFAULT: EndpointChoice = { kind: 'host', host: '', origin: 'the default', tls: undefined };
const host = (value: string, origin: string): EndpointChoice => ({ kind: 'host', host: value, origin, tls: undefined });
const context = (name: string, origin: string): EndpointChoice => ({ kind: 'context', name, origin });
const CONFIG = 'currentContext of config.json';

// What the docker CLI chooses: flags before DOCKER_HOST before DOCKER_CONTEXT before config.json.
const cases: readonly (readonly [what: string, input: Partial<ChoiceInput>, choice: EndpointChoice])[] = [
  ['nothing', {}, DEFAULT],
  ['empty variables', { env: { DOCKER_HOST: '', DOCKER_CONTEXT: '' }, currentContext: '' }, DEFAULT],
  ['config', { currentContext: 'cfg' }, context('cfg', CONFIG)],
  ['config says default', { currentContext: 'default' }, DEFAULT],
  [
    'DOCKER_CONTEXT over config',
    { env: { DOCKER_CONTEXT: 'env' }, currentContext: 'cfg' },
    context('env', 'DOCKER_CONTEXT'),
  ],
  ['DOCKER_CONTEXT=default over config', { env: { DOCKER_CONTEXT: 'default' }, currentContext: 'cfg' }, DEFAULT],
  [
    'DOCKER_HOST over DOCKER_CONTEXT and config',
    { env: { DOCKER_HOST: 'tcp://h:1', DOCKER_CONTEXT: 'env' }, currentContext: 'cfg' },
    host('tcp://h:1', 'DOCKER_HOST'),
  ],
  [
    '--context over DOCKER_HOST',
    { flags: { context: 'flag' }, env: { DOCKER_HOST: 'tcp://h:1' } },
    context('flag', '--context'),
  ],
  [
    '--context default keeps DOCKER_HOST',
    { flags: { context: 'default' }, env: { DOCKER_HOST: 'tcp://h:1' }, currentContext: 'cfg' },
    host('tcp://h:1', 'DOCKER_HOST'),
  ],
  [
    '-H over everything',
    { flags: { host: 'unix:///s' }, env: { DOCKER_HOST: 'tcp://h:1', DOCKER_CONTEXT: 'env' }, currentContext: 'cfg' },
    host('unix:///s', '--host'),
  ],
];

for (const [what, input, choice] of cases) {
  test(what, () => assert.deepEqual(chooseEndpoint({ ...base, ...input }), choice));
}

test('-H and --context together are an error', () => {
  assert.throws(() => chooseEndpoint({ ...base, flags: { host: 'unix:///s', context: 'c' } }), {
    code: 'USAGE',
    message: 'conflicting options: cannot specify both --host and --context',
  });
});

test('TLS comes from flags and variables, its files from DOCKER_CERT_PATH or the config directory', () => {
  const tls = (input: Partial<ChoiceInput>): unknown => {
    const choice = chooseEndpoint({ ...base, ...input });
    return choice.kind === 'host' ? choice.tls : undefined;
  };
  const files = (dir: string, verify: boolean): unknown => ({
    verify,
    ca: `${dir}/ca.pem`,
    cert: { path: `${dir}/cert.pem`, required: false },
    key: { path: `${dir}/key.pem`, required: false },
  });
  assert.deepEqual(tls({ env: { DOCKER_TLS_VERIFY: '1' } }), files('/home/me/.docker', true));
  assert.deepEqual(tls({ env: { DOCKER_TLS: '1', DOCKER_CERT_PATH: '/certs' } }), files('/certs', false));
  assert.deepEqual(tls({ env: { DOCKER_CERT_PATH: '/certs' } }), undefined);
  assert.deepEqual(tls({ flags: { tls: { enabled: true, verify: true, ca: '/a', cert: '/b', key: '/c' } } }), {
    verify: true,
    ca: '/a',
    cert: { path: '/b', required: true },
    key: { path: '/c', required: true },
  });
});
