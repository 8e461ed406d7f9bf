import assert from 'node:assert/strict';
import { test } from 'node:test';
import { entitlements, frontendAttributes, type NodeFeatures } from '../../../src/build/attributes.ts';
import type { BuildOptions } from '../../../src/build/options.ts';

const engine: NodeFeatures = {
  isEngine: true,
  containerImageStore: true,
  attestations: true,
  hostGateway: '172.17.0.1',
};
const oldStore: NodeFeatures = { ...engine, containerImageStore: false, attestations: false, hostGateway: undefined };
const buildkitd: NodeFeatures = { ...engine, isEngine: false };

function attributes(options: Partial<BuildOptions>, features = engine, env = {}, proxies = {}): Record<string, string> {
  const all = { context: { kind: 'local', path: '.' }, ...options } as const;
  return Object.fromEntries(frontendAttributes(all, features, env, new Map(Object.entries(proxies))));
}

const provenance = { 'attest:provenance': 'mode=min,inline-only=true' };

test('an engine resolves local images first, a buildkitd by its default', () => {
  assert.deepEqual(attributes({}), { ...provenance, 'image-resolve-mode': 'local' });
  assert.deepEqual(attributes({}, buildkitd), provenance);
  assert.deepEqual(attributes({ pull: true }, oldStore), { 'image-resolve-mode': 'pull' });
});

test('options become the attributes that buildx sends', () => {
  assert.deepEqual(
    attributes(
      {
        buildArgs: { A: '1', BUILDKIT_MULTI_PLATFORM: 'true' },
        labels: { l: 'v' },
        target: 't',
        noCache: true,
        platforms: ['linux/amd64', 'linux/arm64'],
        network: 'none',
        addHosts: ['a=1.2.3.4', 'b:[::1]', 'c=host-gateway', 'd=1.1.1.1,2.2.2.2'],
        shmSize: 1024,
        ulimits: ['nofile=1:2', 'core=0'],
        cgroupParent: '/x',
      },
      buildkitd,
    ),
    {
      ...provenance,
      'build-arg:A': '1',
      'build-arg:BUILDKIT_MULTI_PLATFORM': 'true',
      'multi-platform': 'true',
      'label:l': 'v',
      target: 't',
      'no-cache': '',
      platform: 'linux/amd64,linux/arm64',
      'force-network-mode': 'none',
      'add-hosts': 'a=1.2.3.4,b=::1,c=172.17.0.1,d=1.1.1.1,d=2.2.2.2',
      'shm-size': '1024',
      ulimit: 'nofile=1:2,core=0',
      'cgroup-parent': '/x',
    },
  );
  assert.equal(attributes({ noCache: ['a', 'b'] })['no-cache'], 'a,b');
});

test('proxies of config.json are build arguments unless the user sets them in any case', () => {
  const args = attributes({ buildArgs: { http_proxy: 'mine' } }, buildkitd, {}, { HTTP_PROXY: 'p', NO_PROXY: 'n' });
  assert.equal(args['build-arg:http_proxy'], 'mine');
  assert.equal(args['build-arg:HTTP_PROXY'], undefined);
  assert.equal(args['build-arg:NO_PROXY'], 'n');
});

test('default attestations can be turned off', () => {
  const off = { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' };
  assert.equal(attributes({}, engine, off)['attest:provenance'], undefined);
  assert.equal(
    attributes({ attests: [{ type: 'provenance' }] }, engine, off)['attest:provenance'],
    'type=provenance',
    'what is asked for stays',
  );
  assert.throws(() => attributes({}, engine, { BUILDX_NO_DEFAULT_ATTESTATIONS: 'zz' }), {
    message: 'invalid BUILDX_NO_DEFAULT_ATTESTATIONS: strconv.ParseBool: parsing "zz": invalid syntax',
  });
});

test('attestations are sent with their type, sorted, quoted, the first of each type', () => {
  const attests = [
    { type: 'provenance', attrs: { mode: 'max', 'builder-id': 'a"b' } },
    { type: 'sbom', attrs: { generator: 'img', ENV: 'x,y' } },
    { type: 'provenance', disabled: true },
  ];
  assert.deepEqual(attributes({ attests }, buildkitd), {
    'attest:provenance': 'type=provenance,"builder-id=a""b",mode=max',
    'attest:sbom': 'type=sbom,"ENV=x,y",generator=img',
  });
  assert.deepEqual(attributes({ attests: [{ type: 'provenance', disabled: true }] }, buildkitd), {});
});

test('attestations are refused where there are none', () => {
  const attests = [{ type: 'sbom' }];
  const isRefused = (features: NodeFeatures, message: string): void =>
    assert.throws(() => attributes({ attests }, features), { code: 'UNSUPPORTED', message });
  isRefused(
    oldStore,
    'Attestation is not supported for the docker driver.\n' +
      'Switch to a different driver, or turn on the containerd image store, and try again.\n' +
      'Learn more at https://docs.docker.com/go/attestations/',
  );
  isRefused({ ...buildkitd, attestations: false }, 'Attestations are not supported by the current BuildKit daemon');
  assert.deepEqual(attributes({ attests: [{ type: 'sbom', disabled: true }] }, oldStore), {
    'image-resolve-mode': 'local',
  });
});

test('what cannot be is refused', () => {
  assert.throws(() => attributes({ network: 'bridge' }), {
    message: /^network mode "bridge" not supported by buildkit/,
  });
  for (const host of ['a', '=1.2.3.4', 'a=', 'a=x.y']) {
    assert.throws(() => attributes({ addHosts: [host] }), { message: `invalid host ${host}` });
  }
  assert.throws(() => attributes({ addHosts: ['a=host-gateway'] }, oldStore), {
    message: 'unable to derive the IP value for host-gateway: host-gateway IP not found',
  });
  assert.throws(() => attributes({ platforms: ['linux/amd64', 'linux/arm64'] }, oldStore), {
    code: 'UNSUPPORTED',
    message: /^Multi-platform build is not supported for the docker driver\.\n/,
  });
});

test('the network of the host needs its entitlement', () => {
  assert.deepEqual(
    entitlements({ context: { kind: 'local', path: '.' }, network: 'host', allow: ['security.insecure'] }),
    ['security.insecure', 'network.host'],
  );
});
