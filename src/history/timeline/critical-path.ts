/** A step as this knows it. Times are milliseconds. */
export interface PathStep {
  readonly start: number;
  readonly end: number;
  /** Indices of the steps that it needs. */
  readonly inputs: readonly number[];
  /** Whether it ever began. */
  readonly ran: boolean;
}

/**
 * The chain of steps that decided how long the build took: the last to end, before it the one of its inputs that ended last,
 * and so on. A step that names no inputs (the export) comes after what ended last before it began. Indices, first to last.
 */
export function criticalPath(steps: readonly PathStep[]): number[] {
  const ran = [...steps.keys()].filter((index) => steps[index]?.ran === true);
  const path: number[] = [];
  const seen = new Set<number>();
  let next = latest(steps, ran);
  while (next !== undefined && !seen.has(next)) {
    path.push(next);
    seen.add(next);
    const step = steps[next];
    if (step === undefined) break;
    const inputs = step.inputs.filter((input) => steps[input]?.ran === true);
    const isBefore = (other: number): boolean => (steps[other]?.end ?? 0) <= step.start && !seen.has(other);
    next = latest(steps, inputs.length > 0 ? inputs : ran.filter(isBefore));
  }
  return path.reverse();
}

/** The one that ended last. */
function latest(steps: readonly PathStep[], among: readonly number[]): number | undefined {
  const endOf = (index: number | undefined): number => (index === undefined ? -1 : (steps[index]?.end ?? -1));
  return among.reduce<number | undefined>((best, index) => (endOf(index) > endOf(best) ? index : best), undefined);
}
