// The page about one build.
import { pageDocument } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import { countText, dateText, shareText, sizeText, timeText } from '../page/texts.ts';
import { type WaterfallFilter, waterfallHtml } from '../page/waterfall.ts';
import { graphSection } from './graph-section.ts';
import type { BuildStatus, ReportModel } from './report-model.ts';
import { failureSection, materialsSection, parametersSection, resultsSection, warningsSection } from './sections.ts';
import { shortName, stepId, stepRows } from './step-rows.ts';

const statusTexts: Readonly<Record<BuildStatus, string>> = {
  completed: 'Completed in',
  failed: 'Failed after',
  canceled: 'Canceled after',
  running: 'Running for',
};

/** @param footer where the page comes from */
export async function reportPage(report: ReportModel, footer: string): Promise<string> {
  const sections = [
    failureSection(report),
    timelineSection(report),
    pathSection(report),
    await graphSection(report),
    warningsSection(report),
    resultsSection(report),
    materialsSection(report),
    parametersSection(report),
  ].filter((section) => section !== undefined);
  return pageDocument({
    title: `${report.name || report.ref} — build report`,
    kind: 'Build report',
    header: headerHtml(report, sections),
    body: html`${tilesHtml(report)}${sections.map(
      ({ id, title, tone, note, body }) =>
        html`<section class="card ${tone ?? ''}" id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>${
          note !== undefined && html`<p class="note">${note}</p>`
        }${body}</section>\n`,
    )}`,
    footer,
  });
}

/** A part of the page with a heading. */
export interface Section {
  readonly id: string;
  readonly title: string;
  readonly tone?: string;
  readonly note?: string | undefined;
  readonly body: Html;
}

function headerHtml(
  { name, ref, builder, node, status, duration, startedAt }: ReportModel,
  sections: readonly Section[],
): Html {
  return html`<h1>${name || ref}</h1>
<p class="facts"><span class="status ${status}">${statusTexts[status]} ${timeText(duration)}</span><span>${dateText(startedAt)}</span><span>builder ${builder}${node !== builder && ` / ${node}`}</span><span class="mono">${ref}</span></p>
<nav class="contents" aria-label="Parts of the page">${sections.map(({ id, title }) => html`<a href="#${id}">${title}</a>`)}</nav>`;
}

function tilesHtml(report: ReportModel): Html {
  const { steps, duration, criticalPath, warnings } = report;
  const started = steps.filter(({ runs }) => runs.length > 0);
  const cached = steps.filter(({ state }) => state === 'cached').length;
  const work = steps.reduce((sum, { time }) => sum + time, 0);
  const path = criticalPath.reduce((sum, index) => sum + (steps[index]?.time ?? 0), 0);
  const moved = steps.flatMap(({ transfers }) => transfers).reduce((sum, { size }) => sum + size, 0);
  const layers = new Map(report.results.flatMap((result) => result.layers).map(({ digest, size }) => [digest, size]));
  const image = [...layers.values()].reduce((sum, size) => sum + size, 0);
  const tiles: (readonly [title: string, value: string, more: string])[] = [
    ['Duration', timeText(duration), ''],
    [
      'Steps',
      String(started.length),
      `${cached} cached${started.length > 0 ? `, ${shareText(cached, started.length)}` : ''}`,
    ],
    [
      'Critical path',
      timeText(path),
      `${countText(criticalPath.length, 'step')}, ${shareText(path, duration) || '0 %'} of the time`,
    ],
    ['Work', timeText(work), duration > 0 ? `${(work / duration).toFixed(1)} steps at a time` : ''],
    ['Transferred', moved > 0 ? sizeText(moved) : '—', image > 0 ? `result ${sizeText(image)}` : ''],
    ['Warnings', String(warnings.length), ''],
  ];
  return html`<dl class="tiles">${tiles.map(
    ([title, value, more]) =>
      html`<div class="tile"><dt>${title}</dt><dd>${value}${more !== '' && html`<small>${more}</small>`}</dd></div>`,
  )}</dl>`;
}

function timelineSection(report: ReportModel): Section {
  const { steps, duration } = report;
  const isThere = (kind: string): boolean => steps.some(({ state }) => state === kind);
  const filters: WaterfallFilter[] = [
    { kind: 'on-path', label: 'Critical path' },
    { kind: 'done', label: 'Ran' },
    { kind: 'cached', label: 'Cached' },
    ...(isThere('failed') ? [{ kind: 'failed', label: 'Failed' }] : []),
  ];
  const chart = waterfallHtml({
    label: 'Steps of the build in the order in which they started',
    duration,
    columns: ['Time'],
    rows: stepRows(report),
    filters,
  });
  const legend = html`<div class="legend" aria-hidden="true"><span class="done"><i></i>ran</span><span class="path"><i></i>ran, on the critical path</span><span class="cached"><i></i>cached</span>${
    isThere('failed') && html`<span class="failed"><i></i>failed</span>`
  }<span class="wait"><i></i>waited, its inputs were there</span></div>`;
  return { id: 'timeline', title: 'Timeline', body: html`${chart}${legend}` };
}

function pathSection({ steps, criticalPath, duration }: ReportModel): Section | undefined {
  if (criticalPath.length === 0 || duration <= 0) return undefined;
  const parts = criticalPath.flatMap((index) => steps[index]?.runs.map((run) => ({ index, ...run })) ?? []);
  const longest = criticalPath.toSorted((a, b) => (steps[b]?.time ?? 0) - (steps[a]?.time ?? 0)).slice(0, 12);
  return {
    id: 'path',
    title: 'Critical path',
    note: 'The chain of steps that decided how long the build took: each waited for the one before it.',
    body: html`<div class="inside"><svg class="chain" viewBox="0 0 ${round(duration)} 1" preserveAspectRatio="none" role="img" aria-label="${countText(criticalPath.length, 'step')} one after the other"><rect class="gap" x="0" y="0" width="${round(duration)}" height="1"/>${parts.map(
      ({ index, start, end }) =>
        html`<rect class="${steps[index]?.state ?? ''}" x="${round(start)}" y="0" width="${round(end - start)}" height="1"><title>${shortName(steps[index])}: ${timeText(end - start)}</title></rect>`,
    )}</svg>
<table class="shares"><thead><tr><th scope="col">${criticalPath.length > longest.length ? `Its ${longest.length} longest steps` : 'Its steps, the longest first'}</th><th scope="col" class="n">Time</th><th scope="col" class="n">Share</th></tr></thead><tbody>${longest.map(
      (index) =>
        html`<tr><td><a class="mono" href="#${stepId(index)}">${shortName(steps[index])}</a></td><td class="n">${timeText(steps[index]?.time ?? 0)}</td><td class="n">${shareText(steps[index]?.time ?? 0, duration)}</td></tr>`,
    )}</tbody></table></div>`,
  };
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
