import type { ContentClient } from '../buildkit/content/index.ts';
import type { ControlClient, SessionDialer, SolveStatus, WorkerRecord } from '../buildkit/control/index.ts';
import type { Bridge } from '../buildkit/gateway/index.ts';
import type { Platform } from '../oci/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';

/** The kinds of builders, by buildx's names. */
export type DriverName = 'docker' | 'docker-container' | 'kubernetes' | 'local' | 'remote';

/** One BuildKit daemon of a builder, connected. Disposing closes its connections. */
export interface BuilderNode extends AsyncDisposable {
  readonly builder: string;
  readonly name: string;
  readonly driver: DriverName;
  /** Where the daemon is, for messages. */
  readonly endpoint: string;
  /** Images go into the engine when no output is given. */
  readonly defaultLoad: boolean;
  /** Those that it was given when it was made. */
  readonly platforms: readonly Platform[];
  /** Of the docker driver. */
  readonly engine?: EngineClient | undefined;
  readonly control: ControlClient;
  /** What the records of its history name. */
  readonly content: ContentClient;
  /**
   * The first call: gives the workers of the daemon, which is booted when it does not answer.
   * Rejects with TRANSPORT and CANCELED, and with whatever kept it from booting.
   */
  connect(options: ConnectOptions): Promise<readonly WorkerRecord[]>;
  /** The bridge of the build `ref`. */
  bridge(ref: string): Bridge;
  readonly dialSession: SessionDialer;
}

export interface ConnectOptions {
  /** Told how the daemon is booted, when it has to be. */
  readonly onStatus: (status: SolveStatus) => void;
  readonly signal: AbortSignal;
}
