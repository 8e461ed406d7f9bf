import type { SolveStatus } from '../buildkit/control/index.ts';
import type { BuildEvent, EventReader } from './events.ts';

/** Events that wait until it is known who builds, which is what a display shows first. */
export interface HeldEvents {
  readonly onStatus: (status: SolveStatus) => unknown;
  /** Passes everything on, from now on at once; `first` goes before. */
  release(first?: BuildEvent): void;
  readonly onEvent: EventReader;
}

export function heldEvents(onEvent: EventReader): HeldEvents {
  let held: BuildEvent[] | undefined = [];
  const pass = (event: BuildEvent): unknown => (held === undefined ? onEvent(event) : void held.push(event));
  return {
    onEvent: pass,
    onStatus: (status) => pass({ kind: 'status', status }),
    release(first) {
      const waiting = held ?? [];
      held = undefined;
      if (first !== undefined) onEvent(first);
      for (const event of waiting) onEvent(event);
    },
  };
}
