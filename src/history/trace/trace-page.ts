// The page of a trace, and the one that compares two.
import { pageDocument } from '../page/document.ts';
import { type Html, html } from '../page/html.ts';
import { countText, dateText, milliseconds, timeText } from '../page/texts.ts';
import { waterfallHtml } from '../page/waterfall.ts';
import type { BuildTrace } from './load-trace.ts';
import { pairSpans } from './pair-spans.ts';
import { spanTrees } from './span-tree.ts';
import { comparisonRows, ROW_LIMIT, traceRows } from './trace-rows.ts';

/** @param footer where the page comes from */
export function tracePage(trace: BuildTrace, footer: string): string {
  const { from, duration } = extent(trace);
  const rows = traceRows(spanTrees(trace.spans), from);
  const chart = waterfallHtml({
    label: 'Spans of the trace, each below the one that began it',
    duration,
    columns: ['Time'],
    rows: rows.slice(0, ROW_LIMIT),
    filters: [
      { kind: 'step', label: 'Steps' },
      { kind: 'call', label: 'Calls' },
      ...(rows.some(({ kinds }) => kinds.includes('failed')) ? [{ kind: 'failed', label: 'Failed' }] : []),
    ],
  });
  const failed = rows.filter(({ kinds }) => kinds.includes('failed')).length;
  return pageDocument({
    title: `${trace.name || trace.ref} — trace`,
    kind: 'Trace of a build',
    header: html`<h1>${trace.name || trace.ref}</h1><p class="facts"><span class="status">${timeText(duration)}</span><span>${countText(rows.length, 'span')}${failed > 0 && `, ${failed} failed`}</span><span>${dateText(milliseconds(from))}</span><span class="mono">${trace.ref}</span><a href="/api/traces/${trace.traceId}">JSON</a></p>`,
    body: card(
      rows.length,
      html`${chart}<div class="legend" aria-hidden="true"><span class="done"><i></i>daemon</span><span class="other"><i></i>client</span></div>`,
    ),
    footer,
  });
}

export function comparisonPage(first: BuildTrace, second: BuildTrace, footer: string): string {
  const [before, after] = [extent(first), extent(second)];
  const rows = comparisonRows(pairSpans(spanTrees(first.spans), spanTrees(second.spans)), before.from, after.from);
  const chart = waterfallHtml({
    label: 'Spans of both traces, those that are the same work in one row',
    duration: Math.max(before.duration, after.duration),
    columns: ['First', 'Second', 'Change'],
    rows: rows.slice(0, ROW_LIMIT),
    filters: [
      { kind: 'slower', label: 'Slower' },
      { kind: 'faster', label: 'Faster' },
      { kind: 'removed', label: 'Only first' },
      { kind: 'added', label: 'Only second' },
    ],
  });
  const change = after.duration - before.duration;
  const share =
    before.duration > 0 ? ` (${change > 0 ? '+' : '−'}${Math.abs((change / before.duration) * 100).toFixed(0)} %)` : '';
  return pageDocument({
    title: `${first.ref} … ${second.ref} — traces compared`,
    kind: 'Two traces compared',
    header: html`<h1>${second.name || second.ref}</h1><p class="facts"><span class="status">${change > 0 ? 'Slower' : 'Faster'} by ${timeText(Math.abs(change))}${share}</span></p>`,
    body: html`<dl class="tiles">${[
      tile('First', first, before.duration),
      tile('Second', second, after.duration),
    ]}</dl>${card(rows.length, html`${chart}<div class="legend" aria-hidden="true"><span class="other"><i></i>first</span><span class="done"><i></i>second</span></div>`)}`,
    footer,
  });
}

function tile(title: string, { name, ref, spans, traceId }: BuildTrace, duration: number): Html {
  return html`<div class="tile"><dt>${title}</dt><dd>${timeText(duration)}<small>${name !== '' && `${name}, `}${countText(spans.length, 'span')} <a href="/trace/${traceId}">alone</a></small><small class="mono">${ref}</small></dd></div>`;
}

function card(rows: number, content: Html): Html {
  return html`<section class="card" id="spans" aria-labelledby="spans-title"><h2 id="spans-title">Spans</h2>${rows > ROW_LIMIT && html`<p class="note">The first ${ROW_LIMIT} of ${rows}; all are in the JSON.</p>`}${content}</section>`;
}

/** When a trace began, and how many milliseconds it took. */
function extent({ spans }: BuildTrace): { readonly from: bigint; readonly duration: number } {
  const from = spans.reduce((least, { start }) => (start < least ? start : least), spans[0]?.start ?? 0n);
  const to = spans.reduce((most, { end }) => (end > most ? end : most), from);
  return { from, duration: milliseconds(to - from) };
}
