import type { SolveStatus } from '../buildkit/control/index.ts';

/** What a build tells while it runs. */
export type BuildEvent =
  /** The node that builds, before anything is sent to it. */
  | { readonly kind: 'builder'; readonly name: string; readonly driver: string }
  /** Steps, transfers, logs and warnings, as the daemon and the client report them. */
  | { readonly kind: 'status'; readonly status: SolveStatus }
  /** A message for people that belongs to no step. */
  | { readonly kind: 'warning'; readonly message: string };

/** Takes in what a build tells. While a promise that it gives is pending, the daemon keeps its news. */
export type EventReader = (event: BuildEvent) => unknown;
