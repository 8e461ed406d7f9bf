import type { Duplex, Readable } from 'node:stream';
import type { Dialer } from '../../transport/index.ts';
import type { StreamCall } from './stream-call.ts';

/** One Docker engine. All calls reject with ENGINE_FAILED (its answer), TRANSPORT (it cannot be reached) or CANCELED. */
export interface EngineClient {
  /** Where it is, for messages: `unix:///var/run/docker.sock`. */
  readonly host: string;
  /** Streams to the control API of the engine's own BuildKit: `POST /grpc`. */
  readonly grpcDialer: Dialer;
  /** Opens `POST /session` of the engine's own BuildKit with the headers that present the session. */
  openSession(headers: HeaderPairs, options: EngineCallOptions): Promise<Duplex>;
  version(options: EngineCallOptions): Promise<EngineVersion>;
  info(options: EngineCallOptions): Promise<EngineInfo>;
  /** Rejects with NOT_FOUND when there is none of that name. */
  inspectContainer(name: string, options: EngineCallOptions): Promise<ContainerInfo>;
  /** Does nothing when it runs. Rejects with NOT_FOUND when there is none of that name. */
  startContainer(name: string, options: EngineCallOptions): Promise<void>;
  /** Runs a command in a container for each dial; the stream is its stdin and stdout, errors carry its stderr. */
  execDialer(container: string, command: readonly string[]): Dialer;
  /** An ordinary call, for the parts of the API that few need. Answers with the parsed JSON, or the text of what is none. */
  call(request: EngineRequest, options: EngineCallOptions): Promise<unknown>;
  /** A call whose answer flows; destroying it gives up the rest. */
  open(request: EngineRequest, options: EngineCallOptions): Promise<Readable>;
  /** Begins to pull an image; the call has no body. */
  pullImage(name: PulledName, auth: string, options: EngineCallOptions): Promise<StreamCall>;
  /** Begins to load an image archive, the body of the call. */
  loadImage(options: EngineCallOptions): Promise<StreamCall>;
  /**
   * Begins to push an image; the call has no body.
   * @param auth value of `X-Registry-Auth`.
   */
  pushImage(name: PushedName, auth: string, options: EngineCallOptions): Promise<StreamCall>;
  /** Whether an image is known by a digest of some registry. */
  hasRepoDigests(name: string, options: EngineCallOptions): Promise<boolean>;
  /** The digest that the registry has for a name; the engine asks it. */
  remoteDigest(name: string, auth: string, options: EngineCallOptions): Promise<string>;
}

export type HeaderPairs = readonly (readonly [name: string, value: string])[];

export interface EngineCallOptions {
  readonly signal: AbortSignal;
}

export interface EngineRequest {
  readonly method: 'DELETE' | 'GET' | 'POST' | 'PUT';
  /** With query. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  /** Sent as a tar archive. */
  readonly archive?: Uint8Array | undefined;
  readonly headers?: HeaderPairs | undefined;
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
  /** True when images are kept by containerd, which gives multi-platform images and attestations. */
  readonly containerImageStore: boolean;
  readonly cgroupDriver: string;
  readonly securityOptions: readonly string[];
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export interface PushedName {
  /** With the registry, without tag. */
  readonly repository: string;
  readonly tag: string | undefined;
}

export interface PulledName {
  /** As people write it, without tag. */
  readonly repository: string;
  /** Or a digest. */
  readonly tag: string;
}

export interface ContainerInfo {
  readonly id: string;
  readonly running: boolean;
  /** `running`, `exited`, `paused`, … */
  readonly status: string;
  readonly image: string;
  /** 0 while it runs for the first time. */
  readonly exitCode: number;
  /** How often it was started again because it had ended. */
  readonly restarts: number;
  /** Names of the volumes that are mounted. */
  readonly volumes: readonly string[];
}
