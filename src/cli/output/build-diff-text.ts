import { Chalk } from 'chalk';
import { assertNever } from '../../base/errors.ts';
import type { BuildDiff, RecordChange, StepDiff, StepReason, StepRun } from '../../index.ts';
import { decimalSize } from './byte-size.ts';
import { recordDuration } from './record-duration.ts';

/** Characters of a value that are shown; those of `--format json` are whole. */
const MAX_VALUE = 100;
const DIGEST = /(sha256:[0-9a-f]{12})[0-9a-f]{52}/g;

/** What is different between two builds, for people. Sections without differences are left out. */
export function buildDiffText(diff: BuildDiff, { colored }: { readonly colored: boolean }): string {
  const paint = new Chalk({ level: colored ? 2 : 0 });
  const gone = (text: string): string => paint.red(text);
  const come = (text: string): string => paint.green(text);
  const title = (text: string): string => paint.bold(text);

  const value = (text: string | undefined): string => (text === undefined ? '(none)' : text === '' ? '""' : cut(text));
  const changeLines = (changes: readonly RecordChange[]): string[] => {
    const width = Math.max(...changes.map(({ name }) => name.length));
    return changes.map(
      ({ name, before, after }) => `  ${name.padEnd(width)}  ${gone(value(before))} → ${come(value(after))}`,
    );
  };
  const section = (name: string, lines: readonly string[]): string[] =>
    lines.length === 0 ? [] : [title(name), ...lines, ''];

  const dockerfile = (): string[] =>
    (diff.dockerfile?.hunks ?? []).flatMap(({ before, after, lines }) => [
      paint.cyan(`  @@ -${before} +${after} @@`),
      ...lines.map(({ kind, text }) => {
        if (kind === 'same') return `   ${text}`;
        return kind === 'removed' ? gone(`  -${text}`) : come(`  +${text}`);
      }),
    ]);

  const stepLines = ({ before, after, reason }: StepDiff): string[] => {
    const then = before === undefined ? '' : runText(before);
    if (after === undefined) return [gone(`  - ${before?.name}`) + paint.dim(` (${then})`)];
    const now = runText(after);
    const mark = before === undefined ? '+' : after.state === 'cached' ? '=' : after.state === 'ran' ? '!' : 'x';
    const color = mark === '=' ? paint.dim : mark === '+' ? paint.green : mark === '!' ? paint.yellow : paint.red;
    const times = paint.dim(then === '' ? ` (${now})` : ` (${now}, before: ${then})`);
    const head = color(`  ${mark} ${after.name}`) + times;
    return reason === undefined ? [head] : [head, ...reasonLines(reason, before?.name, after.name)];
  };
  const reasonLines = (reason: StepReason, before: string | undefined, after: string): string[] => {
    const because = (text: string): string => paint.cyan(`      ${text}`);
    switch (reason.kind) {
      case 'new':
        return [because('is new')];
      case 'input':
        return [because(`builds on what ${reason.certain ? 'has changed' : 'ran again'}: ${reason.input}`)];
      case 'files':
        return [
          because(
            `files of ${contextName(reason.source)} have changed${reason.certain ? '' : ', or it was gone from the cache'}`,
          ),
        ];
      case 'uncached':
        return [because('nothing has changed: it was not in the cache, or not to be taken from there')];
      case 'unknown':
        return [because('why is not known: too little is kept of one of the builds')];
      case 'definition':
        return before !== undefined && withoutPlace(before) !== withoutPlace(after)
          ? [because(`was ${before}`)]
          : [because('does something else'), ...changeLines(reason.changes).map((line) => `      ${line}`)];
      default:
        return assertNever(reason);
    }
  };

  const { before, after } = diff;
  const [own, internal] = [diff.steps.filter((step) => !step.internal), diff.steps.filter((step) => step.internal)];
  const size = (bytes: number | undefined): string | undefined =>
    bytes === undefined ? undefined : decimalSize(BigInt(bytes));
  const results = [
    ...diff.results,
    ...(before.size === after.size
      ? []
      : [{ name: 'layers', ...named('before', size(before.size)), ...named('after', size(after.size)) }]),
  ];
  const builds = [before, after].map(({ ref, name, startedAt, status, error, ...rest }, at) => {
    const steps = `${rest.totalSteps} steps, ${rest.cachedSteps} cached`;
    const told = [`${status}${error === '' ? '' : `: ${cut(error)}`}`, duration(rest.duration), steps];
    const warnings = rest.warnings === 0 ? [] : [`${rest.warnings} warnings`];
    const line = `${at === 0 ? '-' : '+'} ${ref}  ${name}`;
    return [
      at === 0 ? gone(line) : come(line),
      `  ${startedAt.replace(/\..*Z$/, 'Z')}  ${[...told, ...warnings].join(', ')}`,
    ];
  });
  const loads = internal.filter(({ before: then, after: now }) => then === undefined || now === undefined);
  const lines = [
    ...builds.flat(),
    '',
    ...section('Build arguments', changeLines(diff.buildArgs)),
    ...section('Labels', changeLines(diff.labels)),
    ...section('Named contexts', changeLines(diff.namedContexts)),
    ...section('Other settings', changeLines(diff.attributes)),
    ...section('Context', changeLines(diff.context)),
    ...section('Base images and other sources', changeLines(diff.materials)),
    ...section('Dockerfile', dockerfile()),
    ...section('Steps', own.flatMap(stepLines)),
    ...section('Steps beside the Dockerfile', loads.flatMap(stepLines)),
    ...section('Time', timeLines(diff)),
    ...section('Results', changeLines(results)),
  ];
  return `${lines.join('\n').trimEnd()}\n`;
}

/** The time of steps side by side may be longer than that of the build. */
function timeLines({ before, after, steps }: BuildDiff): string[] {
  const sum = (wanted: (step: StepDiff) => boolean, of: 'before' | 'after'): number =>
    steps.filter(wanted).reduce((total, step) => total + (step[of]?.duration ?? 0), 0);
  const line = (name: string, from: number, to: number): string =>
    `  ${name.padEnd(24)}  ${duration(from)} → ${duration(to)}  (${signed(to - from)})`;
  return [
    line('the build', before.duration, after.duration),
    line(
      'steps of the Dockerfile',
      sum(({ internal }) => !internal, 'before'),
      sum(({ internal }) => !internal, 'after'),
    ),
    line(
      'loading and exporting',
      sum(({ internal }) => internal, 'before'),
      sum(({ internal }) => internal, 'after'),
    ),
  ];
}

function runText({ state, duration: took }: StepRun): string {
  if (state === 'cached') return 'cached';
  if (state === 'unfinished') return 'not finished';
  return state === 'failed' ? `failed after ${duration(took)}` : duration(took);
}

function duration(nanoseconds: number): string {
  return recordDuration(BigInt(nanoseconds));
}

function signed(nanoseconds: number): string {
  return `${nanoseconds < 0 ? '-' : '+'}${duration(Math.abs(nanoseconds))}`;
}

/** A step that only stands elsewhere does the same. */
function withoutPlace(name: string): string {
  return name.replace(/ ?\d+\/\d+\]/, ']');
}

function contextName(source: string): string {
  const name = source.replace('local://', '');
  return name === 'context' ? 'the context' : `the context "${name}"`;
}

function cut(text: string): string {
  const line = text.replaceAll('\n', '\\n').replaceAll(DIGEST, '$1…');
  return line.length > MAX_VALUE ? `${line.slice(0, MAX_VALUE - 1)}…` : line;
}

function named(
  name: 'before' | 'after',
  text: string | undefined,
): { readonly before?: string; readonly after?: string } {
  return text === undefined ? {} : { [name]: text };
}
