import { type Change, changesOf } from './changes.ts';
import type { BuiltStep } from './recorded-build.ts';

/** Why a step ran that the other build may have had already. */
export type StepReason =
  /** The other build has no such step. */
  | { readonly kind: 'new' }
  /** It does something else. */
  | { readonly kind: 'definition'; readonly changes: readonly Change[] }
  /** What it builds on has changed: another step, by name. `certain`: else that ran again, and what came of it is not kept. */
  | { readonly kind: 'input'; readonly input: string; readonly certain: boolean }
  /** Files that it takes have changed: of `local://context`. `certain`: else it may have been gone from the cache. */
  | { readonly kind: 'files'; readonly source: string; readonly certain: boolean }
  /** Nothing has changed: its result was not in the cache, or that was not to be used. */
  | { readonly kind: 'uncached' }
  /** The daemon has kept too little of one of the builds. It has no graph of one that failed. */
  | { readonly kind: 'unknown' };

export interface ReasonSetting {
  /** Steps of the other build by those of this one. */
  readonly pairs: ReadonlyMap<BuiltStep, BuiltStep>;
  /** Whether the cache was not to be used for a step. */
  readonly isUncached: (step: BuiltStep) => boolean;
}

/** Why each step of a build ran that did. */
export function reasonsOf(
  build: readonly BuiltStep[],
  { pairs, isUncached }: ReasonSetting,
): ReadonlyMap<BuiltStep, StepReason> {
  const steps = new Map(build.map((step) => [step.digest, step]));
  const reasons = new Map<BuiltStep, StepReason>();
  const reasonOf = (step: BuiltStep): StepReason => {
    const other = pairs.get(step);
    if (other === undefined) return { kind: 'new' };
    const changes = definitionChanges(other, step);
    if (changes.length > 0) return { kind: 'definition', changes };
    const inputs = step.inputs.flatMap((digest) => steps.get(digest) ?? []);
    const changed = inputs.find((input) => hasChanged(input, pairs.get(input)));
    if (changed !== undefined) return { kind: 'input', input: changed.name, certain: true };
    if (step.digest === other.digest || isUncached(step)) return { kind: 'uncached' };
    // What came of these is not known.
    const rerun = inputs.find((input) =>
      ['input', 'files', 'new', 'definition'].includes(reasons.get(input)?.kind ?? ''),
    );
    if (rerun !== undefined && !hasSameOutput(rerun, pairs.get(rerun))) {
      return { kind: 'input', input: rerun.name, certain: false };
    }
    const source = inputs.flatMap((input) => input.localSource ?? [])[0];
    if (hasSameOutput(step, other)) return { kind: 'uncached' };
    if (source !== undefined) return { kind: 'files', source, certain: haveOutputs(step, other) };
    return { kind: step.graph === undefined || other.graph === undefined ? 'unknown' : 'uncached' };
  };
  // What a step needs began before it.
  const ran = build.filter(({ state, isInternal }) => !isInternal && (state === 'ran' || state === 'failed'));
  for (const step of ran.toSorted((a, b) => a.began - b.began)) reasons.set(step, reasonOf(step));
  return reasons;
}

/** What two steps do differently; without their graphs it is only known what they are called. */
function definitionChanges(then: BuiltStep, now: BuiltStep): readonly Change[] {
  if (then.graph !== undefined && now.graph !== undefined)
    return changesOf(then.graph.definition, now.graph.definition);
  const [before, after] = [then, now].map(({ name }) => name.replace(/^\[.*?\] /s, ''));
  return before === after ? [] : changesOf(new Map([['step', before ?? '']]), new Map([['step', after ?? '']]));
}

/** Whether it is certain that a step gave another result than in the other build. */
function hasChanged(now: BuiltStep, then: BuiltStep | undefined): boolean {
  if (now.localSource !== undefined) return false;
  if (then === undefined || definitionChanges(then, now).length > 0) return true;
  if (now.graph === undefined || then.graph === undefined) return false;
  return now.graph.key !== then.graph.key || (haveOutputs(now, then) && !hasSameOutput(now, then));
}

function haveOutputs(now: BuiltStep, then: BuiltStep): boolean {
  return now.graph?.output !== undefined && then.graph?.output !== undefined;
}

function hasSameOutput(now: BuiltStep, then: BuiltStep | undefined): boolean {
  return then !== undefined && haveOutputs(now, then) && now.graph?.output === then.graph?.output;
}
