import type { SolveStatus, UnixNano } from '../buildkit/control/index.ts';

/** One way to show progress. Renderers are pure: what they return is to be written to the terminal or file. */
export interface Renderer {
  /** Takes in one packet that arrived at `now`. */
  update(status: SolveStatus, now: UnixNano): string;
  /** Shows what was held back; called at the rate of the display. */
  refresh(now: UnixNano): string;
  /** Shows the rest: the last state, the logs of failed steps. */
  end(now: UnixNano): string;
}
