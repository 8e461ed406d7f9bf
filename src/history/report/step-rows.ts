import { type Html, html } from '../page/html.ts';
import { pairHtml } from '../page/pairs.ts';
import { sizeText, timeText } from '../page/texts.ts';
import type { WaterfallBar, WaterfallRow } from '../page/waterfall.ts';
import type { ReportModel, ReportStep, StepState } from './report-model.ts';

/** The sign of a state, and the word for it. */
export const stateMarks: Readonly<Record<StepState, { readonly sign: string; readonly word: string }>> = {
  done: { sign: '✓', word: 'ran' },
  cached: { sign: '≡', word: 'cached' },
  failed: { sign: '✗', word: 'failed' },
  canceled: { sign: '⊘', word: 'canceled' },
  running: { sign: '▸', word: 'running' },
  waiting: { sign: '·', word: 'never started' },
};

/** How much of what steps wrote a page has, in characters: of steps that failed, of others, of all others together. */
const logLimits = { failed: 48_000, other: 1_500, all: 250_000 } as const;

/** The id of the row of a step. */
export const stepId = (index: number): string => `s${index + 1}`;

/** One row a step. */
export function stepRows({ steps, criticalPath, duration }: ReportModel): WaterfallRow[] {
  const onPath = new Set(criticalPath);
  let logBudget: number = logLimits.all;
  return steps.map((step, index) => {
    const limit = step.state === 'failed' ? logLimits.failed : Math.min(logLimits.other, logBudget);
    const log = lastLines(step.log, limit);
    if (step.state !== 'failed') logBudget -= log.length;
    const kinds = [step.state, ...(onPath.has(index) ? ['on-path'] : [])];
    return {
      id: stepId(index),
      depth: 0,
      isBranch: undefined,
      tone: kinds.join(' '),
      kinds,
      mark: stateMarks[step.state],
      tag: [step.platform, step.stage, step.place].filter((part) => part !== undefined).join(' '),
      text: step.text.slice(0, 2000),
      values: [step.runs.length === 0 ? '' : timeText(step.time)],
      lanes: [barsOf(step)],
      details: stepDetails(step, steps, log, duration),
    };
  });
}

function barsOf({ state, runs, wait }: ReportStep): WaterfallBar[] {
  return [...(wait ? [{ tone: 'wait', ...wait }] : []), ...runs.map((run) => ({ tone: state, ...run }))];
}

function stepDetails(step: ReportStep, steps: readonly ReportStep[], log: string, duration: number): Html {
  const { runs, wait, inputs, transfers, error, digest, logSize } = step;
  const [first] = runs;
  return html`<dl class="pairs">${pairHtml('State', stateMarks[step.state].word)}${
    first && pairHtml('Began', `${timeText(first.start)} after the start of the build`)
  }${runs.length > 1 && pairHtml('Ran', runs.map(({ start, end }) => `${timeText(end - start)} at ${timeText(start)}`).join(', '))}${
    wait && pairHtml('Waited', `${timeText(wait.end - wait.start)} after its inputs were there`)
  }${first && duration > 0 && pairHtml('Share', `${((step.time / duration) * 100).toFixed(1)} % of the build`)}${
    inputs.length > 0 &&
    html`<div><dt>Needs</dt><dd>${inputs
      .slice(0, 40)
      .map((input) => html`<a href="#${stepId(input)}">${shortName(steps[input])}</a>\n`)}${
      inputs.length > 40 && `and ${inputs.length - 40} more`
    }</dd></div>`
  }${transfers.length > 0 && pairHtml('Transfers', transfersText(step))}${pairHtml('Digest', digest)}</dl>${
    error !== undefined && html`<p class="message">${error.slice(0, 4000)}</p>`
  }${
    log !== '' &&
    html`<p class="caption">Output${logSize > log.length + 64 && `, the end of ${sizeText(logSize)}`}</p><pre class="log" tabindex="0">${log}</pre>`
  }`;
}

function transfersText({ transfers }: ReportStep): string {
  const shown = transfers.slice(0, 30).map(({ name, size, time }) => {
    const facts = [...(size > 0 ? [sizeText(size)] : []), ...(time > 0 ? [timeText(time)] : [])];
    return `${name.slice(0, 120)}${facts.length > 0 ? `  ${facts.join(' in ')}` : ''}`;
  });
  return [...shown, ...(transfers.length > 30 ? [`and ${transfers.length - 30} more`] : [])].join('\n');
}

/** A step in few words. */
export function shortName(step: ReportStep | undefined): string {
  if (step === undefined) return '';
  const { platform, stage, place, text } = step;
  const where = [platform, stage, place].filter((part) => part !== undefined).join(' ');
  const whole = where === '' ? text : `[${where}] ${text}`;
  return whole.length > 110 ? `${whole.slice(0, 109)}…` : whole;
}

/** As many of the last lines as fit; of a line that is too long itself, its end. */
export function lastLines(lines: readonly string[], limit: number): string {
  let start = lines.length;
  let length = 0;
  while (start > 0 && length + (lines[start - 1]?.length ?? 0) + 1 <= limit) {
    start--;
    length += (lines[start]?.length ?? 0) + 1;
  }
  if (start === lines.length && limit > 0) return (lines.at(-1) ?? '').slice(-limit);
  return lines.slice(start).join('\n');
}
