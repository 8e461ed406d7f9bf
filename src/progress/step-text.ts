// What plain text says of a step. Matches util/progress/progressui/printer.go of BuildKit.
import type { UnixNano, VertexStatus } from '../buildkit/control/index.ts';
import { seconds, totalSeconds } from './interval.ts';
import { isCanceled, type Step } from './model.ts';
import { fixed, transferred } from './numbers.ts';

/** How a step ended. */
export function outcomeText(step: Step, now: UnixNano): string {
  if (isCanceled(step)) return 'CANCELED';
  if (step.error !== '') return `ERROR: ${step.error}`;
  if (step.cached) return 'CACHED';
  return `DONE ${fixed(totalSeconds(step.ran, now), 1)}s`;
}

/** A transfer, how far it is, how long it took. */
export function transferText(status: VertexStatus): string {
  const { id, timestamp, started, completed } = status;
  const size = transferred(status);
  const took = started === undefined ? 0 : seconds((completed ?? timestamp) - started);
  const time = took > 0.01 ? ` ${fixed(took, 1)}s` : '';
  return `${id}${size === '' ? '' : ` ${size}`}${time}${completed === undefined ? '' : ' done'}`;
}
