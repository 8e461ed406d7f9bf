import type { CdiDevice, GcPolicy } from '../../buildkit/control/index.ts';
import type { TsbuildxError } from '../../base/errors.ts';
import type { DriverStatus, DynamicNode } from '../drivers/driver.ts';

/** How the driver finds the node; `error` when it cannot tell. */
export type NodeStatus = DriverStatus | 'error';

/** One node of a builder: what was configured, and what its daemon says when it runs. */
export interface NodeState {
  readonly name: string;
  /** A docker context, or an address. */
  readonly endpoint: string;
  readonly driverOpts: Readonly<Record<string, string>>;
  readonly buildkitdFlags: readonly string[];
  /** Configuration of the daemon by name. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Build arguments of config.json's `proxies`, which builds on the node get. They may hold passwords. */
  readonly proxyConfig: Readonly<Record<string, string>>;
  readonly status: NodeStatus;
  /** Why there is no status. */
  readonly error: TsbuildxError | undefined;
  /** Of BuildKit, `v0.26.3`; empty when it is not known. */
  readonly version: string;
  readonly workerIds: readonly string[];
  /** Platforms that the user gave this node, `linux/arm64`. */
  readonly configuredPlatforms: readonly string[];
  /** All of the node: the configured ones, then those of its workers. */
  readonly platforms: readonly string[];
  /** What the node can do, by buildx's names of it. */
  readonly features: Readonly<Record<string, boolean>>;
  /** Of its first worker. */
  readonly labels: Readonly<Record<string, string>>;
  readonly gcPolicy: readonly GcPolicy[];
  readonly devices: readonly CdiDevice[];
  /** The daemons that stand behind it now; those of `kubernetes` are pods. */
  readonly dynamicNodes: readonly DynamicNode[];
}

/** A builder with all of its nodes. */
export interface BuilderState {
  readonly name: string;
  /** `docker`, `docker-container`, `remote`, …; empty when the engine of a docker context did not tell. */
  readonly driver: string;
  readonly lastActivity: Date | undefined;
  /** Why nothing is known of any node. */
  readonly error: TsbuildxError | undefined;
  /** Whether the nodes are not those that were written down, but daemons that stand behind these now. */
  readonly dynamic: boolean;
  readonly nodes: readonly NodeState[];
}

export interface ListedBuilder extends BuilderState {
  /** Whether it builds when none is named. */
  readonly current: boolean;
}
