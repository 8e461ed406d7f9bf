import { type DiffHunk, diffLines } from '../../base/line-diff.ts';
import { type Change, change, changesOf } from './changes.ts';
import { pairSteps, placeOfStep } from './pair-steps.ts';
import type { BuiltStep, RecordedBuild } from './recorded-build.ts';
import { reasonsOf, type StepReason } from './step-reason.ts';

/** What is different between two builds. It is made of plain values: its JSON is complete. */
export interface BuildDiff {
  readonly before: ComparedBuild;
  readonly after: ComparedBuild;
  readonly buildArgs: readonly Change[];
  readonly labels: readonly Change[];
  readonly namedContexts: readonly Change[];
  /** Target, platform, and all else that the frontend was told, by BuildKit's names. */
  readonly attributes: readonly Change[];
  /** Base images, repositories and downloads whose digests have changed, by URI. */
  readonly materials: readonly Change[];
  /** Path or URL of the context, repository and revision of it. */
  readonly context: readonly Change[];
  /** Absent when the text is the same, or not known of one of the builds. */
  readonly dockerfile?: DockerfileDiff;
  /** Those of the later build in the order in which they began, then those that it has no more. */
  readonly steps: readonly StepDiff[];
  /** Digests of what was exported, by platform, exporter and name. */
  readonly results: readonly Change[];
}

/** Durations are in nanoseconds, sizes in bytes. */
export interface ComparedBuild {
  /** `builder/node/id`. */
  readonly ref: string;
  /** What people call it: context or Dockerfile, and target. */
  readonly name: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly status: 'completed' | 'failed' | 'canceled';
  /** Empty when it has not failed. */
  readonly error: string;
  readonly duration: number;
  readonly totalSteps: number;
  readonly cachedSteps: number;
  readonly warnings: number;
  /** Layers of the result, compressed; absent when they are not known. */
  readonly size?: number;
}

export interface DockerfileDiff {
  readonly before: string;
  readonly after: string;
  readonly hunks: readonly DiffHunk[];
}

/** A step of one of the builds or both; that it is the same does not say that it does the same. */
export interface StepDiff {
  readonly before?: StepRun;
  readonly after?: StepRun;
  /** Whether no line of the Dockerfile asked for it: loading files, base images, exporting. */
  readonly internal: boolean;
  /** Why it ran; absent when it did not, and of internal steps. */
  readonly reason?: StepReason;
}

export interface StepRun {
  readonly name: string;
  readonly digest: string;
  /** `unfinished`: the build ended before it did, or before it began. */
  readonly state: BuiltStep['state'];
  readonly duration: number;
}

/** Not the same in any two builds, or told elsewhere. */
const UNTOLD = /^(?:local-sessionid:|sharedkey:localdir:|input-metadata:|frontend\.caps$|vcs:)/;
const BASE_IMAGE = /^\[[^\]]*\] FROM (\S+)@(sha256:[0-9a-f]{64})/;
const PREFIXES = { buildArgs: 'build-arg:', labels: 'label:', namedContexts: 'context:' } as const;

export function compareBuilds(before: RecordedBuild, after: RecordedBuild): BuildDiff {
  const [a, b] = [before.attributes, after.attributes];
  const dockerfile = compareDockerfiles(before, after);
  return {
    before: comparedBuild(before),
    after: comparedBuild(after),
    buildArgs: changesOf(withPrefix(a, PREFIXES.buildArgs), withPrefix(b, PREFIXES.buildArgs)),
    labels: changesOf(withPrefix(a, PREFIXES.labels), withPrefix(b, PREFIXES.labels)),
    namedContexts: changesOf(withPrefix(a, PREFIXES.namedContexts), withPrefix(b, PREFIXES.namedContexts)),
    attributes: changesOf(otherAttributes(a), otherAttributes(b)),
    materials: compareMaterials(before, after),
    context: [
      ...change('path', before.context, after.context),
      ...change('repository', a['vcs:source'], b['vcs:source']),
      ...change('revision', a['vcs:revision'], b['vcs:revision']),
    ],
    ...(dockerfile !== undefined && { dockerfile }),
    steps: compareSteps(before.steps, after.steps, noCacheOf(after)),
    results: changesOf(digests(before), digests(after)),
  };
}

function comparedBuild({ ref, name, startedAt, status, error, duration, record, graph }: RecordedBuild): ComparedBuild {
  return {
    ref,
    name,
    startedAt,
    status,
    error,
    duration,
    totalSteps: record.numTotalSteps,
    cachedSteps: record.numCachedSteps,
    warnings: record.numWarnings,
    ...(graph.size !== undefined && { size: graph.size }),
  };
}

function withPrefix(attributes: RecordedBuild['attributes'], prefix: string): Map<string, string> {
  const found = Object.entries(attributes).filter(([name]) => name.startsWith(prefix));
  return new Map(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function otherAttributes(attributes: RecordedBuild['attributes']): Map<string, string> {
  const told = Object.values(PREFIXES);
  return new Map(
    Object.entries(attributes).filter(
      ([name]) => name !== 'context' && !UNTOLD.test(name) && !told.some((prefix) => name.startsWith(prefix)),
    ),
  );
}

function compareDockerfiles(before: RecordedBuild, after: RecordedBuild): DockerfileDiff | undefined {
  const [a, b] = [before.graph.dockerfile, after.graph.dockerfile];
  if (a === undefined || b === undefined || a.text === b.text) return undefined;
  return { before: a.name, after: b.name, hunks: diffLines(a.text, b.text) };
}

/** Of a build that failed it is only known what its steps are called. */
function compareMaterials(before: RecordedBuild, after: RecordedBuild): Change[] {
  if (before.graph.steps.size > 0 && after.graph.steps.size > 0) {
    return changesOf(before.graph.materials, after.graph.materials);
  }
  return changesOf(baseImages(before), baseImages(after));
}

function baseImages({ steps }: RecordedBuild): Map<string, string> {
  return new Map(
    steps.flatMap(({ name }) => {
      const [, image, digest] = BASE_IMAGE.exec(name) ?? [];
      return image === undefined || digest === undefined ? [] : [[image, digest] as const];
    }),
  );
}

/** Which steps were to be built without cache. */
function noCacheOf({ attributes }: RecordedBuild): (step: BuiltStep) => boolean {
  const stages = attributes['no-cache'];
  if (stages === undefined) return () => false;
  const names = stages.toLowerCase().split(',');
  return ({ name }) => stages === '' || names.some((stage) => placeOfStep(name)?.stage.split(' ').at(-1) === stage);
}

function compareSteps(
  before: readonly BuiltStep[],
  after: readonly BuiltStep[],
  isUncached: (step: BuiltStep) => boolean,
): StepDiff[] {
  const pairs = pairSteps(before, after);
  const reasons = reasonsOf(after, { pairs, isUncached });
  const kept = new Set(pairs.values());
  return [
    ...after.map((step): StepDiff => {
      const other = pairs.get(step);
      const reason = reasons.get(step);
      return {
        ...(other !== undefined && { before: stepRun(other) }),
        after: stepRun(step),
        internal: step.isInternal,
        ...(reason !== undefined && { reason }),
      };
    }),
    ...before
      .filter((step) => !kept.has(step))
      .map((step): StepDiff => ({ before: stepRun(step), internal: step.isInternal })),
  ];
}

function stepRun({ name, digest, state, duration }: BuiltStep): StepRun {
  return { name, digest, state, duration };
}

function digests({ results }: RecordedBuild): Map<string, string> {
  return new Map([...results].map(([name, { digest }]) => [name, digest]));
}
