// Rows of bars over one axis of time: steps of a build, spans of a trace, or two traces side by side.
import { axisTimes } from './axis.ts';
import { type Html, html } from './html.ts';
import { timeText } from './texts.ts';

export interface Waterfall {
  /** For who cannot see it. */
  readonly label: string;
  /** Milliseconds of the whole axis. */
  readonly duration: number;
  /** Headings of the columns of times. */
  readonly columns: readonly string[];
  readonly rows: readonly WaterfallRow[];
  /** What rows can be narrowed to: rows of these kinds. */
  readonly filters: readonly WaterfallFilter[];
}

export interface WaterfallFilter {
  /** One of the rows' `kinds`. */
  readonly kind: string;
  readonly label: string;
}

export interface WaterfallRow {
  /** Unique in the page; a word. */
  readonly id: string;
  /** 0 for the outermost. The rows of a branch follow its first. */
  readonly depth: number;
  /** Whether rows of its branch follow; undefined where there are no branches. */
  readonly isBranch: boolean | undefined;
  /** A word that decides about colours: a state, or whose it is. */
  readonly tone: string;
  readonly kinds: readonly string[];
  /** A sign for its state, and the word for it. */
  readonly mark: { readonly sign: string; readonly word: string } | undefined;
  /** Where it belongs, in small letters. */
  readonly tag: string;
  readonly text: string;
  /** One a column. */
  readonly values: readonly string[];
  /** One above the other. */
  readonly lanes: readonly (readonly WaterfallBar[])[];
  readonly details: Html;
}

export interface WaterfallBar {
  /** A word that decides about its colour. */
  readonly tone: string;
  readonly start: number;
  readonly end: number;
}

export function waterfallHtml({ label, duration, columns, rows, filters }: Waterfall): Html {
  const span = Math.max(duration, 0.001);
  return html`<div class="waterfall" data-duration="${number(span)}" data-columns="${columns.length}">
<div class="controls" hidden>
<label class="search"><span class="sr">Search</span><input type="search" placeholder="Search ( / )" autocomplete="off" spellcheck="false"></label>
<div class="filters" role="group" aria-label="Show">
<button type="button" data-kind="" aria-pressed="true">All</button>${filters.map(
    ({ kind, label: text }) => html`<button type="button" data-kind="${kind}" aria-pressed="false">${text}</button>`,
  )}</div>
<div class="zoom" role="group" aria-label="Zoom"><button type="button" data-zoom="out" aria-label="Zoom out">−</button
><button type="button" data-zoom="in" aria-label="Zoom in">+</button
><button type="button" data-zoom="all">Fit</button></div>
<output class="found" aria-live="polite"></output>
</div>
<div class="chart">
<div class="head" aria-hidden="true"><span></span>${columns.map((text) => html`<span class="value">${text}</span>`)}
<svg class="axis">${ticks(span)}</svg></div>
<div class="rows"><svg class="lines" aria-hidden="true">${lines(span)}</svg>
<ol aria-label="${label}">
${rows.map((row) => rowHtml(row, span))}</ol></div>
<p class="none" hidden>No row matches.</p>
</div>
</div>`;
}

function rowHtml(row: WaterfallRow, span: number): Html {
  const { id, depth, isBranch, tone, kinds, mark, tag, text, values, lanes, details } = row;
  return html`<li class="row ${tone}" id="${id}"${depth > 0 && html` aria-level="${depth + 1}"`}${
    kinds.length > 0 && html` data-kinds="${kinds.join(' ')}"`
  }><details><summary><span class="label d${Math.min(depth, 12)}">${
    isBranch !== undefined && html`<span class="twist${!isBranch && ' leaf'}" aria-hidden="true"></span>`
  }${mark && html`<span class="mark" title="${mark.word}"><span aria-hidden="true">${mark.sign}</span><span class="sr">${mark.word} </span></span>`}${
    tag !== '' && html`<span class="tag">${tag}</span> `
  }<span class="text">${text}</span></span>${values.map((value) => html`<span class="value">${value}</span>`)}
<svg class="bars n${lanes.length}" viewBox="0 0 ${number(span)} ${lanes.length}" preserveAspectRatio="none" aria-hidden="true">${lanes.map(
    (bars, lane) => bars.map((bar) => barHtml(bar, lane)),
  )}</svg></summary>
<div class="body">${details}</div></details></li>
`;
}

/** A line as wide as the bar is high, and one across at its start: so the shortest can be seen too. */
function barHtml({ tone, start, end }: WaterfallBar, lane: number): Html {
  const [from, to, y] = [number(start), number(end), lane + 0.5];
  return html`<path class="${tone}" d="M${from} ${y}H${to}"/>${
    tone !== 'wait' && html`<path class="${tone} edge" d="M${from} ${lane + 0.24}V${lane + 0.76}"/>`
  }`;
}

function ticks(span: number): Html[] {
  return axisTimes(0, span * 0.96, 6).map(
    (time) => html`<text x="${percent(time, span)}" y="11">${timeText(time)}</text>`,
  );
}

function lines(span: number): Html[] {
  return axisTimes(0, span, 6).map((time) => {
    const x = percent(time, span);
    return html`<line x1="${x}" x2="${x}" y1="0" y2="100%"/>`;
  });
}

function percent(time: number, span: number): string {
  return `${number((time / span) * 100)}%`;
}

function number(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}
