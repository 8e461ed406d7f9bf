import type { EngineInfo } from '../../../docker/engine/index.ts';
import { STATE_DIR } from '../daemon-config.ts';
import type { ContainerOptions } from './options.ts';

export interface HostFacts {
  /** Undefined when the engine did not tell. */
  readonly info: Pick<EngineInfo, 'cgroupDriver' | 'securityOptions'> | undefined;
  /** Device requests. */
  readonly gpus: readonly object[];
  /** Mount WSL's libraries: a request for GPUs alone does not bring them. */
  readonly wsl: boolean;
}

/** Limits on this group hold for all builders of a host. */
const CGROUP_PARENT = '/docker/buildx';

/** The volume that keeps a builder's cache. */
export function stateVolume(container: string): string {
  return `${container}_state`;
}

/** How a builder's container is run: the API's HostConfig. */
export function hostConfig(container: string, options: ContainerOptions, { info, gpus, wsl }: HostFacts): object {
  const limits = Object.entries(options.limits).filter(([, value]) => value !== '' && value !== 0);
  const isCgroupfs = info?.cgroupDriver === 'cgroupfs';
  const hasUserns = info?.securityOptions.some((option) => option.split(',').includes('name=userns')) ?? false;
  return {
    Privileged: true,
    RestartPolicy: options.restartPolicy,
    // reaps processes that exec leaves behind
    Init: true,
    Mounts: [
      { Type: 'volume', Source: stateVolume(container), Target: STATE_DIR },
      ...(wsl ? [{ Type: 'bind', Source: '/usr/lib/wsl', Target: '/usr/lib/wsl', ReadOnly: true }] : []),
    ],
    ...Object.fromEntries(limits),
    ...(gpus.length > 0 ? { DeviceRequests: gpus } : {}),
    ...(isCgroupfs ? { CgroupParent: options.cgroupParent || CGROUP_PARENT } : {}),
    ...(hasUserns ? { UsernsMode: 'host' } : {}),
  };
}
