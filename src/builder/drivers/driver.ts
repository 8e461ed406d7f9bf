import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { SessionDialer, WorkerRecord } from '../../buildkit/control/index.ts';
import type { RpcClient } from '../../buildkit/rpc/index.ts';
import type { EngineClient } from '../../docker/engine/index.ts';
import type { Platform } from '../../oci/index.ts';
import type { Address, Dialer } from '../../transport/index.ts';
import type { DriverName } from '../node.ts';
import type { Instance, InstanceNode } from '../store/index.ts';
import type { Connector } from './connector.ts';

/** `stopped` is what is there and does not run, `inactive` anything else that does not answer. */
export type DriverStatus = 'running' | 'inactive' | 'stopped' | 'starting' | 'stopping';

/** What a driver says while it boots its node. */
export interface BootTeller {
  /** Runs a part of the work, which is shown by its name while it goes on. */
  part<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Passes on what the daemon wrote. */
  log(stream: 1 | 2, data: Uint8Array): void;
}

export interface CallOptions {
  readonly signal: AbortSignal;
}

export interface BootOptions extends CallOptions {
  readonly tell: BootTeller;
}

export interface RemoveOptions extends CallOptions {
  /** Also what runs. */
  readonly force: boolean;
  /** Keep the build cache, for a node of the same name that is made later. */
  readonly keepState: boolean;
  /** Keep the daemon running. */
  readonly keepDaemon: boolean;
}

/** A daemon that was not written down by anybody, but found. */
export interface DynamicNode {
  readonly name: string;
  /** What its builder was given; empty when that was nothing. */
  readonly platforms: readonly Platform[];
}

/** One node of a builder, opened. Opening dials nothing; disposing closes the connections, and leaves the daemon running. */
export interface NodeDriver extends AsyncDisposable {
  readonly driver: DriverName;
  readonly rpc: RpcClient;
  /** Opens another stream to the daemon's API. */
  readonly dial: Dialer;
  /** Where the daemon is, for messages. */
  readonly endpoint: string;
  /** Images go into the engine when no output is given. */
  readonly defaultLoad: boolean;
  /** Of the docker driver. */
  readonly engine?: EngineClient | undefined;
  readonly dialSession: SessionDialer;
  /** What booting is shown as, after `[internal] `. Undefined where there is nothing to boot. */
  readonly bootStep: string | undefined;
  /** Rejects when it cannot be told. */
  status(options: CallOptions): Promise<DriverStatus>;
  /** The daemons that stand behind the node now, where that is not always one. */
  dynamicNodes?(options: CallOptions): Promise<readonly DynamicNode[]>;
  /** The version of a BuildKit that does not tell itself; empty when nobody does. */
  version(options: CallOptions): Promise<string>;
  /** What the node can do, by buildx's names of it. */
  features(workers: readonly WorkerRecord[]): Readonly<Record<string, boolean>>;
  /** Makes and starts what is missing, and waits until the daemon answers. Does no harm to one that runs. */
  boot(options: BootOptions): Promise<void>;
  /** Does nothing when nothing runs. */
  stop(options: CallOptions): Promise<void>;
  /** Removes what `boot` made. Does nothing when there is nothing. */
  remove(options: RemoveOptions): Promise<void>;
}

/** A kind of builder. */
export interface DriverFactory {
  readonly name: DriverName;
  /** False: the builders of the kind are there without being made. */
  readonly allowsInstances: boolean;
  /** Throws INVALID_ARGUMENT for a node that could not be opened, with buildx's texts. */
  check(node: InstanceNode): void;
  /** Rejects with INVALID_ARGUMENT, UNSUPPORTED, NOT_FOUND (its docker context), IO. */
  open(instance: Instance, node: InstanceNode, connector: Connector): Promise<NodeDriver>;
}

const FACTORIES: Readonly<Record<string, () => Promise<DriverFactory>>> = {
  docker: async () => (await import('./docker/index.ts')).dockerFactory,
  'docker-container': async () => (await import('./docker-container/index.ts')).dockerContainerFactory,
  kubernetes: async () => (await import('./kubernetes/index.ts')).kubernetesFactory,
  local: async () => (await import('./local/index.ts')).localFactory,
  remote: async () => (await import('./remote/index.ts')).remoteFactory,
};

/** Names of all drivers, in order. */
export const driverNames: readonly string[] = Object.keys(FACTORIES).toSorted();

/** The kind of builders that `name` names. Only its own code is loaded. Rejects with INVALID_ARGUMENT when there is none. */
export async function driverFactory(name: string): Promise<DriverFactory> {
  const load = Object.hasOwn(FACTORIES, name) ? FACTORIES[name] : undefined;
  if (load === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `failed to find driver ${goQuote(name)}`);
  return await load();
}

/** The daemon at an address, which nobody made a builder of. Rejects with UNSUPPORTED, NOT_FOUND and IO. */
export async function openAddress(address: Address, connector: Connector): Promise<NodeDriver> {
  if (address.kind === 'docker-container') {
    const { openContainer } = await import('./docker-container/index.ts');
    return await openContainer(address, connector);
  }
  const { openRemote } = await import('./remote/index.ts');
  return await openRemote(address, connector, { defaultLoad: false });
}
