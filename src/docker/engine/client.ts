import type { Duplex, Readable } from 'node:stream';
import type { Dialer } from '../../transport/index.ts';

/** One Docker engine. All calls reject with ENGINE_FAILED (its answer) or TRANSPORT (it cannot be reached). */
export interface EngineClient extends AsyncDisposable {
  /** Where it is, for messages: `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Upgrades `POST path` to a raw stream: `/grpc` and `/session`. Header names as they go over the wire. */
  upgrade(path: string, options: UpgradeOptions): Promise<Duplex>;
  /** A stream to the control API of the engine's own BuildKit. */
  readonly grpcDialer: Dialer;
  version(options: EngineCallOptions): Promise<EngineVersion>;
  info(options: EngineCallOptions): Promise<EngineInfo>;
  inspectContainer(name: string, options: EngineCallOptions): Promise<ContainerInfo>;
  /** Runs a command in a container; the stream is its stdin and stdout, errors carry its stderr. */
  exec(container: string, command: readonly string[], options: EngineCallOptions): Promise<Duplex>;
  /** Loads an image archive; resolves when the engine has it, with its messages. */
  loadImage(archive: Readable, options: EngineCallOptions): Promise<readonly string[]>;
}

export interface EngineCallOptions {
  readonly signal: AbortSignal;
}

export interface UpgradeOptions extends EngineCallOptions {
  /** A name with several values is sent as several lines. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined;
}

export interface EngineVersion {
  readonly version: string;
  readonly apiVersion: string;
  readonly minApiVersion: string;
  readonly os: string;
  readonly arch: string;
}

export interface EngineInfo {
  readonly id: string;
  readonly name: string;
  readonly driver: string;
  /** Pairs of `docker info`'s `DriverStatus`. */
  readonly driverStatus: readonly (readonly [string, string])[];
  /** True when images are kept by containerd, which gives multi-platform images and attestations. */
  readonly containerImageStore: boolean;
  readonly cgroupDriver: string;
  readonly securityOptions: readonly string[];
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export interface ContainerInfo {
  readonly id: string;
  readonly running: boolean;
  readonly status: string;
  readonly image: string;
}
