// Which step of one build is the same as which of the other, though it may do something else there.
import type { BuiltStep } from './recorded-build.ts';

/** A step of a Dockerfile in the progress of a build: `[linux/amd64 build 2/3] RUN make`. */
const DOCKERFILE_STEP = /^\[(.*?) ?(\d+)\/(\d+)\] ((\S+).*)$/s;

/** Where a step stands in the Dockerfile, by its name; undefined when it does not. */
export function placeOfStep(name: string): { readonly stage: string; readonly place: number } | undefined {
  const [, stage, place] = DOCKERFILE_STEP.exec(name) ?? [];
  return stage === undefined ? undefined : { stage, place: Number(place) };
}

/** What two steps have in common that are the same, the surest first; undefined where it does not count. */
const LIKENESSES: readonly ((step: BuiltStep) => string | undefined)[] = [
  ({ graph }) => graph?.key,
  ({ digest }) => digest,
  ({ name }) => name,
  // Steps before it have come or gone.
  ({ name }) => likeness(name, ([, stage, , , text]) => [stage, text]),
  // Another command, or another base image, in its place.
  ({ name }) => likeness(name, ([, stage, place, , , word]) => [stage, place, word]),
  ({ name }) => name.replaceAll(/sha256:[0-9a-f]{64}/g, ''),
];

/** The steps of `before` by those of `after`. */
export function pairSteps(
  before: readonly BuiltStep[],
  after: readonly BuiltStep[],
): ReadonlyMap<BuiltStep, BuiltStep> {
  const pairs = new Map<BuiltStep, BuiltStep>();
  const taken = new Set<BuiltStep>();
  for (const likenessOf of LIKENESSES) {
    const free = Map.groupBy(
      before.filter((step) => !taken.has(step)),
      likenessOf,
    );
    for (const step of after) {
      const like = likenessOf(step);
      const other = pairs.has(step) || like === undefined ? undefined : free.get(like)?.shift();
      if (other === undefined) continue;
      pairs.set(step, other);
      taken.add(other);
    }
  }
  return pairs;
}

function likeness(
  name: string,
  parts: (match: RegExpExecArray) => readonly (string | undefined)[],
): string | undefined {
  const match = DOCKERFILE_STEP.exec(name);
  return match === null ? undefined : JSON.stringify(parts(match));
}
