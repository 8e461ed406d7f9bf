// Reports of builds that never were.
import type { ReportModel, ReportStep, StepState } from '../../src/history/report/report-model.ts';
import { criticalPath } from '../../src/history/timeline/critical-path.ts';

/** A report of `count` steps in stages that depend on each other; the same each time. */
export function madeUpReport(count: number, changes: Partial<ReportModel> = {}): ReportModel {
  const steps: ReportStep[] = [];
  for (let index = 0; index < count; index++) steps.push(madeUpStep(index, steps, count));
  const duration = Math.max(...steps.map(({ runs }) => runs.at(-1)?.end ?? 0)) + 120;
  return {
    name: 'shop (production)',
    ref: 'k3v0a9q1x7m2t5c8r4w6e1b0z',
    builder: 'builder',
    node: 'builder0',
    status: 'completed',
    startedAt: Date.UTC(2026, 10, 26, 17, 12, 5),
    duration,
    steps,
    criticalPath: criticalPath(
      steps.map(({ runs, inputs }) => ({ start: runs[0]?.start ?? 0, end: runs.at(-1)?.end ?? 0, inputs, ran: true })),
    ),
    failure: undefined,
    warnings: [],
    materials: [{ uri: 'pkg:docker/alpine@3.22?platform=linux%2Famd64', digests: [`sha256:${'4b'.repeat(32)}`] }],
    parameters: [{ title: 'Build arguments', entries: [{ name: 'VERSION', value: '1.2.3' }] }],
    results: [
      {
        platform: '',
        digest: `sha256:${'c0'.repeat(32)}`,
        mediaType: 'application/vnd.oci.image.manifest.v1+json',
        size: 31_457_280,
        layers: [{ digest: `sha256:${'a1'.repeat(32)}`, size: 31_457_280 }],
        attestations: [],
      },
    ],
    gaps: [],
    ...changes,
  };
}

const commands = [
  'RUN apt-get update && apt-get install -y --no-install-recommends build-essential ca-certificates',
  'COPY package.json package-lock.json ./',
  'RUN --mount=type=cache,target=/root/.npm npm ci',
  'COPY . .',
  'RUN npm run build -- --mode production',
  'WORKDIR /srv/app',
] as const;

function madeUpStep(index: number, before: readonly ReportStep[], count: number): ReportStep {
  const perStage = 10;
  const place = (index % perStage) + 1;
  const stage = `stage-${Math.floor(index / perStage) + 1}`;
  const inputs = place === 1 ? [] : [index - 1];
  if (place === 6 && index > perStage) inputs.push(index - perStage - 2);
  const ready = Math.max(0, ...inputs.map((input) => before[input]?.runs.at(-1)?.end ?? 0));
  const state: StepState = index % 7 === 3 ? 'cached' : 'done';
  const start = ready + (index % 3) * 40 + (place === 1 ? (index * 37) % 400 : 0);
  const time = state === 'cached' ? 0.2 : 30 + ((index * 7919) % 900);
  return {
    stage,
    place: `${place}/${perStage}`,
    text: place === 1 ? 'FROM docker.io/library/node:24@sha256:1f5a7c' : (commands[index % commands.length] ?? ''),
    digest: `sha256:${index.toString(16).padStart(64, '0')}`,
    state,
    runs: [{ start, end: start + time }],
    wait: start - ready > 1 && inputs.length > 0 ? { start: ready, end: start } : undefined,
    time,
    inputs,
    error: undefined,
    transfers: index % 25 === 0 ? [{ name: 'transferring context', size: 4_200_000, time: 80 }] : [],
    log: Array.from({ length: index === count - 1 ? 400 : 12 }, (_, line) => `line ${line} of step ${index}`),
    logSize: 12 * 20,
  };
}
