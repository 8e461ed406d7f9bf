// Steps as a graph, laid out when the page is made.
import { type Html, html } from '../page/html.ts';
import { timeText } from '../page/texts.ts';
import type { ReportModel, ReportStep } from './report-model.ts';
import type { Section } from './report-page.ts';
import { shortName, stateMarks, stepId } from './step-rows.ts';

const WIDTH = 210;
const HEIGHT = 44;
const RADIUS = 5;
const LETTERS = 26;
/** More steps or inputs than a person, or the layout, can cope with. */
const STEP_LIMIT = 700;
const EDGE_LIMIT = 3000;

export async function graphSection({ steps, criticalPath }: ReportModel): Promise<Section | undefined> {
  const edges = steps.flatMap(({ inputs }, to) => inputs.map((from) => ({ from, to })));
  if (edges.length === 0) return undefined;
  // what needs nothing and is needed by nothing is in the timeline
  const shown = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].toSorted((a, b) => a - b);
  const title = 'Graph';
  if (shown.length > STEP_LIMIT || edges.length > EDGE_LIMIT) {
    return {
      id: 'graph',
      title,
      note: `${shown.length} steps with ${edges.length} inputs are too many to draw.`,
      body: html`<div class="inside"></div>`,
    };
  }
  const { default: dagre } = await import('@dagrejs/dagre');
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({
    rankdir: 'TB',
    nodesep: 16,
    ranksep: 30,
    marginx: 8,
    marginy: 8,
    ranker: shown.length > 150 ? 'longest-path' : 'network-simplex',
  });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const index of shown) graph.setNode(stepId(index), { width: WIDTH, height: HEIGHT });
  for (const { from, to } of edges) graph.setEdge(stepId(from), stepId(to));
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  const follows = new Map(criticalPath.map((index, at) => [index, criticalPath[at - 1]]));
  const lines = edges
    .map(({ from, to }) => ({
      isOnPath: follows.get(to) === from,
      points: graph.edge(stepId(from), stepId(to)).points,
    }))
    .toSorted((a, b) => Number(a.isOnPath) - Number(b.isOnPath));
  const svg = html`<svg width="${Math.ceil(width)}" height="${Math.ceil(height)}" viewBox="0 0 ${Math.ceil(width)} ${Math.ceil(height)}" role="group" aria-label="Graph of the steps, inputs above">${lines.map(edgeHtml)}${shown.map(
    (index) => nodeHtml(index, steps[index], graph.node(stepId(index)), follows.has(index)),
  )}</svg>`;
  return {
    id: 'graph',
    title,
    note: 'What each step needs stands above it. Thick lines: the critical path.',
    body: html`<div class="graph"><div class="controls" hidden><div class="zoom" role="group" aria-label="Size of the graph"><button type="button" data-zoom="out" aria-label="Smaller">−</button><button type="button" data-zoom="in" aria-label="Larger">+</button><button type="button" data-zoom="all">Fit</button></div></div><div class="frame" tabindex="0" role="region" aria-label="Graph, scrollable">${svg}</div></div>`,
  };
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A line that turns softly, and its tip. */
function edgeHtml({ points, isOnPath }: { readonly points: readonly Point[]; readonly isOnPath: boolean }): Html {
  const [start, ...rest] = points;
  const end = rest.at(-1);
  if (start === undefined || end === undefined) return html``;
  const turns = rest.slice(0, -1).map((point, index) => {
    const next = rest[index + 1] ?? end;
    const isLast = index === rest.length - 2;
    const to = isLast ? end : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    return `Q${at(point)} ${at(to)}`;
  });
  const path = `M${at(start)}${turns.length === 0 ? `L${at(end)}` : turns.join('')}`;
  return html`<path${isOnPath && html` class="on-path"`} d="${path}"/><path class="tip" d="M${at({ x: end.x - 3.5, y: end.y - 6 })}h7l-3.5 6z"/>`;
}

function nodeHtml(index: number, step: ReportStep | undefined, { x, y }: Point, isOnPath: boolean): Html {
  if (step === undefined) return html``;
  const where = [stateMarks[step.state].sign, step.platform, step.stage, step.place]
    .filter((part) => part !== undefined)
    .join(' ');
  const over = cut(step.runs.length === 0 ? where : `${where} · ${timeText(step.time)}`, LETTERS + 6);
  return html`<a href="#${stepId(index)}" tabindex="-1" class="n ${step.state}${isOnPath && ' on-path'}"><title>${shortName(step)}</title><rect x="${round(x - WIDTH / 2)}" y="${round(y - HEIGHT / 2)}" width="${WIDTH}" height="${HEIGHT}" rx="${RADIUS}"/><text class="over" x="${round(x - WIDTH / 2 + 9)}" y="${round(y - 5)}">${over}</text><text x="${round(x - WIDTH / 2 + 9)}" y="${round(y + 13)}">${cut(step.text, LETTERS)}</text></a>`;
}

function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}

function at({ x, y }: Point): string {
  return `${round(x)} ${round(y)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
