import type { SolveStatus } from '../../buildkit/control/index.ts';
import type { ProgressModel, Step } from '../model.ts';
import { tailHeight, tailMargin } from './frame.ts';
import { Screen } from './screen.ts';

/** Columns and rows. */
export interface TerminalSize {
  readonly width: number;
  readonly height: number;
}

/** The size to draw at: a terminal that does not know its own gets a small one. */
export function usableSize({ width, height }: TerminalSize): TerminalSize {
  return width > 0 && height > 0 ? { width, height } : { width: 80, height: 10 };
}

/** Writes output to the screens of its steps, and makes those that are not there yet. */
export function followOutput(
  screens: Map<Step, Screen>,
  model: ProgressModel,
  { logs }: SolveStatus,
  { width, height, logLines }: TerminalSize & { readonly logLines: number },
): void {
  for (const log of logs) {
    const step = model.byDigest.get(log.vertex);
    if (step === undefined) continue;
    let screen = screens.get(step);
    if (screen === undefined) {
      screen = new Screen(width - tailMargin, tailHeight(height, logLines));
      screens.set(step, screen);
    }
    screen.write(log.data);
  }
}
