import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readKubernetesOptions } from '../../../../../src/builder/drivers/kubernetes/options.ts';

test('without options a node is what buildx makes of it', () => {
  assert.deepEqual(readKubernetesOptions({}), {
    image: 'moby/buildkit:buildx-stable-1',
    namespace: undefined,
    replicas: 1,
    requests: { cpu: '', memory: '', ephemeralStorage: '' },
    limits: { cpu: '', memory: '', ephemeralStorage: '' },
    persistentStorage: '',
    rootless: false,
    schedulerName: '',
    serviceAccount: '',
    nodeSelector: {},
    annotations: {},
    labels: {},
    tolerations: undefined,
    loadBalance: 'sticky',
    qemuImage: undefined,
    rootVolumeMemory: '',
    defaultLoad: false,
    timeoutMs: 120_000,
    env: [],
  });
});

test('all options are read', () => {
  const options = readKubernetesOptions({
    image: 'test:latest',
    namespace: 'ns',
    replicas: '2',
    'requests.cpu': '100m',
    'requests.memory': '32Mi',
    'requests.ephemeral-storage': '1Gi',
    'limits.cpu': '200m',
    'limits.memory': '64Mi',
    'limits.ephemeral-storage': '2Gi',
    'persistent-volume-claim.requests.storage': '10Gi',
    rootless: 'true',
    schedulername: 'sched',
    serviceaccount: 'account',
    nodeselector: '"a=b,c=d"',
    annotations: 'example.com/e=1,example.com/f=2',
    labels: 'example.com/o=3',
    tolerations: 'key=k1,value=v1,operator=Equal,effect=NoSchedule,tolerationSeconds=60;key=k2,operator=Exists',
    loadbalance: 'random',
    'qemu.install': '1',
    'qemu.image': 'qemu:latest',
    'buildkit-root-volume-memory': '1Gi',
    'default-load': 'T',
    timeout: '2m30s',
    'env.A': 'b',
    'env.C': '',
  });
  assert.deepEqual(options, {
    image: 'test:latest',
    namespace: 'ns',
    replicas: 2,
    requests: { cpu: '100m', memory: '32Mi', ephemeralStorage: '1Gi' },
    limits: { cpu: '200m', memory: '64Mi', ephemeralStorage: '2Gi' },
    persistentStorage: '10Gi',
    rootless: true,
    schedulerName: 'sched',
    serviceAccount: 'account',
    nodeSelector: { a: 'b', c: 'd' },
    annotations: { 'example.com/e': '1', 'example.com/f': '2' },
    labels: { 'example.com/o': '3' },
    tolerations: [
      { key: 'k1', operator: 'Equal', value: 'v1', effect: 'NoSchedule', tolerationSeconds: 60 },
      { key: 'k2', operator: 'Exists' },
    ],
    loadBalance: 'random',
    qemuImage: 'qemu:latest',
    rootVolumeMemory: '1Gi',
    defaultLoad: true,
    timeoutMs: 150_000,
    env: [
      { name: 'A', value: 'b' },
      { name: 'C', value: '' },
    ],
  });
});

test('the word rootless changes the image, unless one is named', () => {
  const imageOf = (options: Record<string, string>): string => readKubernetesOptions(options).image;
  assert.equal(imageOf({ rootless: 'true' }), 'moby/buildkit:buildx-stable-1-rootless');
  assert.equal(imageOf({ rootless: 'false' }), 'moby/buildkit:buildx-stable-1-rootless');
  assert.equal(imageOf({ rootless: 'true', image: 'own' }), 'own');
  assert.equal(imageOf({ rootless: 'true', image: '' }), 'moby/buildkit:buildx-stable-1');
  assert.equal(
    readKubernetesOptions({ 'qemu.install': 'true', 'qemu.image': '' }).qemuImage,
    'tonistiigi/binfmt:latest',
  );
});

test('options that make no sense are refused in the words of buildx', () => {
  const table: readonly (readonly [options: Record<string, string>, message: string])[] = [
    [{ replicas: 'invalid' }, 'strconv.ParseInt: parsing "invalid": invalid syntax'],
    [{ replicas: '4294967296' }, 'strconv.ParseInt: parsing "4294967296": value out of range'],
    [{ rootless: 'invalid' }, 'strconv.ParseBool: parsing "invalid": invalid syntax'],
    [{ 'default-load': 'no' }, 'strconv.ParseBool: parsing "no": invalid syntax'],
    [{ 'qemu.install': 'x' }, 'strconv.ParseBool: parsing "x": invalid syntax'],
    [{ tolerations: 'key=a,foo=bar' }, 'invalid tolaration "key=a,foo=bar"'],
    [{ tolerations: 'key=a,tolerationSeconds=invalid' }, 'strconv.Atoi: parsing "invalid": invalid syntax'],
    [{ annotations: 'key,value' }, 'cannot parse annotations: invalid key-value pair: key'],
    [{ labels: 'a=b=c' }, 'cannot parse labels: invalid key-value pair: a=b=c'],
    [{ nodeselector: '' }, 'cannot parse node selector: invalid key-value pair: '],
    [{ loadbalance: 'invalid' }, 'invalid loadbalance "invalid"'],
    [{ timeout: 'invalid' }, 'cannot parse timeout: time: invalid duration "invalid"'],
    [{ 'env.': 'x' }, 'invalid env option "env.", expecting env.FOO=bar'],
    [{ invalid: 'foo' }, 'invalid driver option invalid for driver kubernetes'],
  ];
  for (const [options, message] of table) {
    assert.throws(() => readKubernetesOptions(options), { code: 'INVALID_ARGUMENT', message });
  }
});
