// What is known of a running build, reduced from its status events. Steps appear in the order in which they started,
// the members of a progress group as one step. Matches util/progress/progressui/display.go of BuildKit.
import { decodeBytes } from '../base/go-bytes.ts';
import type {
  SolveStatus,
  UnixNano,
  Vertex,
  VertexLog,
  VertexStatus,
  VertexWarning,
} from '../buildkit/control/index.ts';
import { type Interval, mergeIntervals, seconds } from './interval.ts';
import { fixed } from './numbers.ts';

/** One step, or a progress group shown as one. */
export interface Step {
  /** Of the vertex; the id of a group. */
  readonly digest: string;
  name: string;
  error: string;
  cached: boolean;
  /** A group of which only weak members started so far. */
  hidden: boolean;
  /** When it ran, merged and in order. */
  ran: readonly Interval[];
  /** Transfers and the like that have started, in that order. */
  readonly transfers: Transfer[];
  readonly warnings: VertexWarning[];
  /** Lines of output with their time, that no renderer has taken yet. */
  lines: string[];
  /** Whether the last of `lines` may go on. */
  lineOpen: boolean;
  /** Ids of transfers that changed; cleared by the renderer. */
  readonly changedTransfers: Set<string>;
  /** Events since it was last shown, and when the first of them came. */
  events: number;
  eventsSince: UnixNano;
}

/** Progress within a step. */
export interface Transfer {
  status: VertexStatus;
  /** How far this machine's clock is ahead of the one in `status`. */
  readonly ahead: bigint;
}

/** State of a build's progress. Only `applyStatus` and the renderers' bookkeeping change it. */
export interface ProgressModel {
  /** What a renderer shows, in order. */
  readonly steps: Step[];
  /** Every vertex and group by digest; members of a group lead to the group's step. */
  readonly byDigest: Map<string, Step>;
  /** Steps with something new to show. */
  readonly changed: Set<Step>;
  /** When the first step was told to have started, by this machine's clock. */
  started?: UnixNano | undefined;
  readonly records: Map<Step, StepRecord>;
  readonly groups: Map<string, ProgressGroupState>;
}

/** What the reducer remembers of a step beyond what is shown. */
interface StepRecord {
  last?: Vertex | undefined;
  readonly intervals: Map<UnixNano, Interval>;
  readonly transfers: Map<string, Transfer>;
}

interface ProgressGroupState {
  readonly step: Step;
  readonly members: Map<string, Vertex>;
}

export function createModel(): ProgressModel {
  return {
    steps: [],
    byDigest: new Map(),
    changed: new Set(),
    records: new Map(),
    groups: new Map(),
  };
}

/** Takes in one packet of status that arrived at `now`. */
export function applyStatus(model: ProgressModel, status: SolveStatus, now: UnixNano): void {
  const touched = new Set<ProgressGroupState>();
  for (const vertex of status.vertexes) {
    if (vertex.started !== undefined) model.started ??= now;
    if (vertex.progressGroup === undefined) applyVertex(model, vertex, now);
    else touched.add(joinGroup(model, vertex, vertex.progressGroup));
  }
  for (const group of touched) refreshGroup(model, group, now);
  for (const transfer of status.statuses) applyTransfer(model, transfer, now);
  for (const warning of status.warnings) {
    const step = model.byDigest.get(warning.vertex);
    if (step === undefined) continue;
    step.warnings.push(warning);
    countEvent(step, now);
  }
  for (const log of status.logs) applyLog(model, log, now);
}

export function isStarted(step: Step): boolean {
  return step.ran.length > 0;
}

export function isCompleted(step: Step): boolean {
  return step.ran.at(-1)?.stop !== undefined;
}

/** Whether the step ended because the build was cancelled. */
export function isCanceled(step: Step): boolean {
  return step.error.endsWith('context canceled');
}

function newStep(model: ProgressModel, digest: string, name: string, hidden: boolean): Step {
  const step: Step = {
    digest,
    name,
    error: '',
    cached: false,
    hidden,
    ran: [],
    transfers: [],
    warnings: [],
    lines: [],
    lineOpen: false,
    changedTransfers: new Set(),
    events: 0,
    eventsSince: 0n,
  };
  model.byDigest.set(digest, step);
  model.records.set(step, { intervals: new Map(), transfers: new Map() });
  return step;
}

function recordOf(model: ProgressModel, step: Step): StepRecord {
  const record = model.records.get(step);
  if (record === undefined) throw new TypeError(`step ${step.digest} is of another model`);
  return record;
}

function countEvent(step: Step, now: UnixNano): void {
  if (step.events === 0) step.eventsSince = now;
  step.events++;
}

function markChanged(model: ProgressModel, step: Step, now: UnixNano): void {
  model.changed.add(step);
  countEvent(step, now);
}

function applyVertex(model: ProgressModel, vertex: Vertex, now: UnixNano): void {
  const step = model.byDigest.get(vertex.digest) ?? newStep(model, vertex.digest, vertex.name, false);
  const record = recordOf(model, step);
  const { started } = vertex;
  const wasStarted = isStarted(step);
  if (started !== undefined) {
    if (differs(record.last, vertex)) markChanged(model, step, now);
    record.last = vertex;
    if (!wasStarted) model.steps.push(step);
    noteInterval(record, started, vertex.completed, now);
    step.ran = mergeIntervals(record.intervals.values());
  }
  // A step may be announced again after it started; that announcement knows less.
  if (started !== undefined || !wasStarted) {
    step.name = vertex.name;
    step.error = vertex.error ?? '';
    step.cached = vertex.cached;
  }
}

/** Whether there is something to show; a step that completes again is shown again. */
function differs(last: Vertex | undefined, vertex: Vertex): boolean {
  return (
    last === undefined ||
    vertex.name !== last.name ||
    vertex.started !== last.started ||
    vertex.completed !== undefined ||
    vertex.cached !== last.cached ||
    (vertex.error ?? '') !== (last.error ?? '')
  );
}

function noteInterval(record: StepRecord, start: UnixNano, stop: UnixNano | undefined, now: UnixNano): void {
  const ahead = record.intervals.get(start)?.ahead ?? now - start;
  record.intervals.set(start, { start, stop, ahead });
}

function joinGroup(
  model: ProgressModel,
  vertex: Vertex,
  { id, name }: NonNullable<Vertex['progressGroup']>,
): ProgressGroupState {
  let group = model.groups.get(id);
  if (group === undefined) {
    group = { step: newStep(model, id, name, true), members: new Map() };
    model.groups.set(id, group);
  }
  group.members.set(vertex.digest, vertex);
  model.byDigest.set(vertex.digest, group.step);
  return group;
}

/** Makes the group's step anew from its members: cached when all are, failed with the first error, shown when it matters. */
function refreshGroup(model: ProgressModel, group: ProgressGroupState, now: UnixNano): void {
  const { step } = group;
  const record = recordOf(model, step);
  const wasHidden = step.hidden;
  let changed = false;
  let cached = true;
  let error = step.error;
  for (const member of group.members.values()) {
    if (member.started !== undefined) {
      const known = record.intervals.get(member.started);
      if (known === undefined || known.stop !== member.completed) changed = true;
      noteInterval(record, member.started, member.completed, now);
      if (member.progressGroup?.weak !== true) step.hidden = false;
    }
    cached &&= member.cached;
    error ||= member.error ?? '';
  }
  if (error !== '') step.hidden = false;
  changed ||= cached !== step.cached || error !== step.error;
  step.cached = cached;
  step.error = error;
  step.ran = mergeIntervals(record.intervals.values());
  if (step.hidden) return;
  if (wasHidden) model.steps.push(step);
  if (changed || wasHidden) markChanged(model, step, now);
}

function applyTransfer(model: ProgressModel, status: VertexStatus, now: UnixNano): void {
  const step = model.byDigest.get(status.vertex);
  if (step === undefined) return;
  const { transfers } = recordOf(model, step);
  const known = transfers.get(status.id);
  const transfer = known ?? { status, ahead: now - status.timestamp };
  if (known === undefined) transfers.set(status.id, transfer);
  const isNew = known === undefined || known.status.started === undefined;
  if (status.started !== undefined && isNew) step.transfers.push(transfer);
  transfer.status = status;
  step.changedTransfers.add(status.id);
  markChanged(model, step, now);
}

function applyLog(model: ProgressModel, log: VertexLog, now: UnixNano): void {
  const step = model.byDigest.get(log.vertex);
  if (step === undefined) return;
  const text = decodeBytes(log.data);
  if (text !== '') {
    const last = step.lineOpen ? step.lines.pop() : undefined;
    const stamp = `${logTime(step, log.timestamp)} `;
    step.lineOpen = !text.endsWith('\n');
    // One string for all lines: there may be very many.
    const whole = step.lineOpen ? text : text.slice(0, -1);
    for (const line of `${last ?? stamp}${whole.replaceAll('\n', `\n${stamp}`)}`.split('\n')) step.lines.push(line);
  }
  markChanged(model, step, now);
}

/** Seconds since the step started, with five characters up to 100 s. */
function logTime(step: Step, timestamp: UnixNano): string {
  const start = step.ran.at(-1)?.start;
  const time = start === undefined ? 0 : seconds(timestamp - start);
  return fixed(time, time < 10 ? 3 : time < 100 ? 2 : 1);
}
