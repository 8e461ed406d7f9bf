import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readContainerOptions } from '../../../../../src/builder/drivers/docker-container/options.ts';
import { hostConfig } from '../../../../../src/builder/drivers/docker-container/host-config.ts';

const bare = {
  Privileged: true,
  RestartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
  Init: true,
  Mounts: [{ Type: 'volume', Source: 'box_state', Target: '/var/lib/buildkit' }],
};
const systemd = { cgroupDriver: 'systemd', securityOptions: ['name=seccomp,profile=builtin', 'name=cgroupns'] };

describe('an option in the HostConfig', () => {
  const rows: readonly [option: string, value: string, changed: object][] = [
    ['network', 'host', { NetworkMode: 'host' }],
    ['network', '', {}],
    ['memory', '1.5g', { Memory: 1610612736 }],
    ['memory', '0', {}],
    ['memory-swap', '-1', { MemorySwap: -1 }],
    ['memory-swap', '512m', { MemorySwap: 536870912 }],
    ['cpu-period', '+50000', { CpuPeriod: 50000 }],
    ['cpu-quota', '-1', { CpuQuota: -1 }],
    ['cpu-shares', '512', { CpuShares: 512 }],
    ['cpuset-cpus', '0-1', { CpusetCpus: '0-1' }],
    ['cpuset-mems', '0', { CpusetMems: '0' }],
    ['restart-policy', 'on-failure:3', { RestartPolicy: { Name: 'on-failure', MaximumRetryCount: 3 } }],
    ['restart-policy', 'no', { RestartPolicy: { Name: 'no', MaximumRetryCount: 0 } }],
    ['restart-policy', '', { RestartPolicy: { Name: '', MaximumRetryCount: 0 } }],
    ['cgroup-parent', '/mine', {}],
    ['default-load', 'true', {}],
    ['env.HTTP_PROXY', 'http://p', {}],
    ['provenance-add-gha', 'false', {}],
    ['allow-untrusted-image', '1', {}],
    ['image', 'x', {}],
  ];
  for (const [option, value, changed] of rows) {
    it(`${option}=${value}`, () => {
      const options = readContainerOptions({ [option]: value });
      assert.deepEqual(hostConfig('box', options, { info: systemd, gpus: [], wsl: false }), { ...bare, ...changed });
    });
  }
});

describe('what the engine is decides about the HostConfig', () => {
  const none = readContainerOptions({});
  it('cgroupfs: a group for all builders, or the one that was given', () => {
    const info = { cgroupDriver: 'cgroupfs', securityOptions: [] };
    const config = hostConfig('box', none, { info, gpus: [], wsl: false });
    assert.deepEqual(config, { ...bare, CgroupParent: '/docker/buildx' });
    const own = hostConfig('box', readContainerOptions({ 'cgroup-parent': '/mine' }), { info, gpus: [], wsl: false });
    assert.deepEqual(own, { ...bare, CgroupParent: '/mine' });
  });
  it('user namespaces: those of the host', () => {
    const info = { cgroupDriver: 'systemd', securityOptions: ['name=seccomp,profile=default', 'name=userns'] };
    assert.deepEqual(hostConfig('box', none, { info, gpus: [], wsl: false }), { ...bare, UsernsMode: 'host' });
  });
  it('GPUs and WSL', () => {
    const config = hostConfig('box', none, { info: undefined, gpus: [{ Count: -1 }], wsl: true });
    assert.deepEqual(config, {
      ...bare,
      Mounts: [...bare.Mounts, { Type: 'bind', Source: '/usr/lib/wsl', Target: '/usr/lib/wsl', ReadOnly: true }],
      DeviceRequests: [{ Count: -1 }],
    });
  });
});

describe('options beside the HostConfig', () => {
  it('have defaults', () => {
    const { image, allowUntrustedImage, defaultLoad, provenanceAddGha, env } = readContainerOptions({});
    assert.deepEqual(
      [image, allowUntrustedImage, defaultLoad, provenanceAddGha, env],
      [undefined, false, false, true, []],
    );
  });
  it('are read', () => {
    const options = readContainerOptions({
      image: 'me/buildkit',
      'env.A': '1',
      'env.B': 'x=y',
      'default-load': 'T',
      'provenance-add-gha': '0',
      'allow-untrusted-image': 'true',
    });
    assert.deepEqual(options.env, ['A=1', 'B=x=y']);
    assert.deepEqual(
      [options.image, options.allowUntrustedImage, options.defaultLoad, options.provenanceAddGha],
      ['me/buildkit', true, true, false],
    );
  });
});

describe('refuses', () => {
  const rows: readonly [option: string, value: string, message: string][] = [
    ['nonsense', '1', 'invalid driver option nonsense for docker-container driver'],
    ['env.', '1', 'invalid env option "env.", expecting env.FOO=bar'],
    ['memory', 'much', "invalid size: 'much'"],
    ['memory-swap', '-2', "invalid size: '-2'"],
    ['cpu-quota', '1.5', 'strconv.ParseInt: parsing "1.5": invalid syntax'],
    ['cpu-shares', '99999999999999999999', 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
    ['default-load', 'maybe', 'strconv.ParseBool: parsing "maybe": invalid syntax'],
    ['restart-policy', ':3', 'invalid restart policy format: no policy provided before colon'],
    ['restart-policy', 'no:x', 'invalid restart policy format: maximum retry count must be an integer'],
  ];
  for (const [option, value, message] of rows) {
    it(`${option}=${value}`, () => {
      assert.throws(() => readContainerOptions({ [option]: value }), { code: 'INVALID_ARGUMENT', message });
    });
  }
});
