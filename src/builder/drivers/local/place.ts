import { join } from 'node:path';

/** Where a daemon of this machine keeps what it has. */
export interface Place {
  readonly dir: string;
  readonly socket: string;
  /** Where its steps send traces; the default is one for all daemons. */
  readonly otelSocket: string;
  /** What it wrote since it was started. */
  readonly log: string;
  /** Which process it is. */
  readonly pidFile: string;
  /** Who holds it starts or stops the daemon. */
  readonly lock: string;
  /** Its cache. */
  readonly root: string;
  /** What it is configured with. */
  readonly config: string;
}

/** @param name of the node, which is clean: it is the name of a folder. */
export function placeOf(stateDir: string, name: string): Place {
  const parent = join(stateDir, 'local');
  const dir = join(parent, name);
  return {
    dir,
    socket: join(dir, 'buildkitd.sock'),
    otelSocket: join(dir, 'otel-grpc.sock'),
    log: join(dir, 'buildkitd.log'),
    pidFile: join(dir, 'buildkitd.pid'),
    lock: join(parent, `.${name}.lock`),
    root: join(dir, 'root'),
    config: join(dir, 'config'),
  };
}
