import type { ControlClient, SessionDialer } from '../buildkit/control/index.ts';
import type { Bridge } from '../buildkit/gateway/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';

/** The kinds of builders, by buildx's names. */
export type DriverName = 'docker' | 'docker-container' | 'remote';

/** One BuildKit daemon of a builder, connected. Disposing closes its connections. */
export interface BuilderNode extends AsyncDisposable {
  readonly builder: string;
  readonly name: string;
  readonly driver: DriverName;
  /** Where the daemon is, for messages. */
  readonly endpoint: string;
  /** Images go into the engine when no output is given. */
  readonly defaultLoad: boolean;
  /** Of the docker driver. */
  readonly engine?: EngineClient | undefined;
  readonly control: ControlClient;
  /** The bridge of the build `ref`. */
  bridge(ref: string): Bridge;
  readonly dialSession: SessionDialer;
}
