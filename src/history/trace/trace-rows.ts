import { type Html, html } from '../page/html.ts';
import { pairHtml } from '../page/pairs.ts';
import { milliseconds, timeText } from '../page/texts.ts';
import type { WaterfallBar, WaterfallRow } from '../page/waterfall.ts';
import { attributeText } from '../jaeger.ts';
import { type Attribute, type Span, serviceOf } from '../spans.ts';
import type { SpanPair } from './pair-spans.ts';
import type { SpanNode } from './span-tree.ts';

/** Rows that a page has at most. */
export const ROW_LIMIT = 10_000;
const EVENT_LIMIT = 200;
const TEXT_LIMIT = 4000;

/** One row a span, its children below it. `from`: when the trace began. Rows past `ROW_LIMIT` are for counting: they have no details. */
export function traceRows(roots: readonly SpanNode[], from: bigint): WaterfallRow[] {
  const [firstService] = [...new Set(allSpans(roots).map(serviceOf))].toSorted(servers);
  const rows: WaterfallRow[] = [];
  const add = ({ span, children }: SpanNode, depth: number): void => {
    const hasFailed = span.status.code === 'error';
    const service = serviceOf(span);
    const tone = hasFailed ? 'failed' : service === firstService ? 'done' : 'other';
    rows.push({
      ...rowOf(rows.length, depth, children.length > 0, span),
      tone,
      kinds: [...(hasFailed ? ['failed'] : []), isStep(span) ? 'step' : 'call'],
      values: [timeText(milliseconds(span.end - span.start))],
      lanes: [[barOf(span, from, tone)]],
      details: rows.length < ROW_LIMIT ? spanDetails(span, from) : html``,
    });
    for (const child of children) add(child, depth + 1);
  };
  for (const root of roots) add(root, 0);
  return rows;
}

/** One row a pair: the first trace's bar above the second's, each since its own beginning. */
export function comparisonRows(pairs: readonly SpanPair[], firstFrom: bigint, secondFrom: bigint): WaterfallRow[] {
  const rows: WaterfallRow[] = [];
  const add = ({ first, second, children }: SpanPair, depth: number): void => {
    const shown = second?.span ?? first?.span;
    if (shown === undefined) return;
    const [one, other] = [first && timeOf(first.span), second && timeOf(second.span)];
    const change = one !== undefined && other !== undefined ? other - one : undefined;
    const hasFailed = [first, second].some((node) => node?.span.status.code === 'error');
    const kinds = [
      ...(hasFailed ? ['failed'] : []),
      ...(change === undefined ? [first === undefined ? 'added' : 'removed'] : []),
      ...(change !== undefined && isMuch(change, one ?? 0) ? [change > 0 ? 'slower' : 'faster'] : []),
    ];
    rows.push({
      ...rowOf(rows.length, depth, children.length > 0, shown),
      tone: kinds.join(' '),
      kinds,
      mark: change === undefined ? (first === undefined ? marks.added : marks.removed) : undefined,
      values: [textOf(one), textOf(other), change === undefined ? '' : changeText(change)],
      lanes: [
        first === undefined ? [] : [barOf(first.span, firstFrom, 'other')],
        second === undefined ? [] : [barOf(second.span, secondFrom, 'done')],
      ],
      details:
        rows.length < ROW_LIMIT
          ? html`${first && html`<h3>First</h3>${spanDetails(first.span, firstFrom)}`}${
              second && html`<h3>Second</h3>${spanDetails(second.span, secondFrom)}`
            }`
          : html``,
    });
    for (const child of children) add(child, depth + 1);
  };
  for (const pair of pairs) add(pair, 0);
  return rows;
}

const marks = {
  added: { sign: '+', word: 'only in the second' },
  removed: { sign: '−', word: 'only in the first' },
} as const;

/** Whether people want to hear of it: a tenth, and no less than 5 ms. */
function isMuch(change: number, before: number): boolean {
  return Math.abs(change) >= Math.max(5, before / 10);
}

function changeText(change: number): string {
  return change > 0 ? `+${timeText(change)}` : timeText(change);
}

function textOf(time: number | undefined): string {
  return time === undefined ? '—' : timeText(time);
}

function timeOf({ start, end }: Span): number {
  return milliseconds(end - start);
}

/** The daemon's before the client's: its bars have the colour of steps. */
function servers(a: string, b: string): number {
  return Number(a.includes('buildx')) - Number(b.includes('buildx'));
}

function allSpans(roots: readonly SpanNode[]): Span[] {
  return roots.flatMap(({ span, children }) => [span, ...allSpans(children)]);
}

function isStep({ attributes }: Span): boolean {
  return attributes.some(({ key }) => key === 'vertex');
}

function rowOf(
  index: number,
  depth: number,
  isBranch: boolean,
  span: Span,
): Pick<WaterfallRow, 'id' | 'depth' | 'isBranch' | 'mark' | 'tag' | 'text'> {
  const mark = span.status.code === 'error' ? { sign: '✗', word: 'failed' } : undefined;
  return {
    id: `s${index + 1}`,
    depth,
    isBranch,
    mark,
    tag: serviceOf(span),
    text: shortName(span.name).slice(0, 1000),
  };
}

/** A call without its package: what differs stands at the end. */
function shortName(name: string): string {
  return name.replace(/^(?:[a-z]\w*\.)+(?=[A-Z]\w*\/\w+$)/, '');
}

function barOf({ start, end }: Span, from: bigint, tone: string): WaterfallBar {
  const began = milliseconds(start - from);
  return { tone, start: began, end: Math.max(began, milliseconds(end - from)) };
}

function spanDetails(span: Span, from: bigint): Html {
  const { attributes, events, links, status, resource, scope, spanId } = span;
  return html`${status.description !== '' && html`<p class="message">${status.description.slice(0, TEXT_LIMIT)}</p>`}<dl class="pairs">${[
    ...(shortName(span.name) === span.name ? [] : [pairHtml('Call', span.name)]),
    pairHtml('Began', `${timeText(milliseconds(span.start - from))} after the first span`),
    ...attributes.map(attributePair),
  ]}</dl>${
    events.length > 0 &&
    html`<p class="caption">Events</p><dl class="pairs">${events
      .slice(0, EVENT_LIMIT)
      .map(({ name, time, attributes: facts }) =>
        pairHtml(
          timeText(milliseconds(time - from)),
          [name, ...facts.map(({ key, value }) => `${key}=${attributeText(value)}`)].join(' ').slice(0, TEXT_LIMIT),
        ),
      )}</dl>`
  }<p class="caption">From</p><dl class="pairs">${[
    ...resource.map(attributePair),
    ...(scope.name === '' ? [] : [pairHtml('library', `${scope.name} ${scope.version}`)]),
    ...links.map((link) => pairHtml('follows', link.spanId)),
    pairHtml('span', `${spanId}, ${span.kind}`),
  ]}</dl>`;
}

function attributePair({ key, value }: Attribute): Html {
  return pairHtml(key, attributeText(value).slice(0, TEXT_LIMIT));
}
