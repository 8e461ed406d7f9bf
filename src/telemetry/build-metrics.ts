// Matches buildx util/progress/metricwriter.go: what is measured of a build, by its progress.
import type { SolveStatus, UnixNano, Vertex } from '../buildkit/control/index.ts';
import type { Attributes } from '../tracing/index.ts';
import type { Instrument, Metrics } from './metrics.ts';

const time = { scope: 'github.com/docker/buildx', unit: 'ms', kind: 'sum', isInteger: false } as const;
const bytes = { scope: 'github.com/docker/buildx', unit: 'By', kind: 'sum', isInteger: true } as const;

const LOCAL_BYTES: Instrument = {
  ...bytes,
  name: 'source.local.transfer.io',
  description: 'Measures the number of bytes transferred between the client and server for the context.',
};
const LOCAL_TIME: Instrument = {
  ...time,
  name: 'source.local.transfer.time',
  description: 'Measures the length of time spent transferring the context.',
};
const IMAGE_BYTES: Instrument = {
  ...bytes,
  name: 'source.image.transfer.io',
  description: 'Measures the number of bytes transferred for image content.',
};
const IMAGE_TIME: Instrument = {
  ...time,
  name: 'source.image.transfer.time',
  description: 'Measures the length of time spent transferring image content.',
};
const EXTRACT_TIME: Instrument = {
  ...time,
  name: 'source.image.extract.time',
  description: 'Measures the length of time spent extracting image content.',
};
const EXEC_TIME: Instrument = {
  ...time,
  name: 'exec.command.time',
  description: 'Measures the length of time spent executing run statements.',
};
const EXPORT_TIME: Instrument = {
  ...time,
  name: 'export.image.time',
  description: 'Measures the length of time spent exporting the image.',
};
const IDLE_TIME: Instrument = {
  ...time,
  kind: 'gauge',
  name: 'builder.idle.time',
  description: 'Measures the length of time the builder spends idle.',
};
const LINT_COUNT: Instrument = {
  ...bytes,
  unit: '',
  name: 'lint.trigger.count',
  description: 'Measures the number of times a lint rule has been triggered.',
};

const LOCAL_SOURCES: readonly (readonly [type: string, name: RegExp])[] = [
  ['context', /\[internal] load build context/],
  ['dockerfile', /load build definition/],
  ['dockerignore', /load \.dockerignore/],
  ['namedcontext', /\[context .+] load from client/],
];
const IMAGE_SOURCE = /^\[.*] FROM /;
const EXEC = /^\[.*] RUN /;
const EXPORT = /^exporting to (?:image|(?<format>\w+) image format)$/;
const LINT_RULE = /^https:\/\/docs\.docker\.com\/go\/dockerfile\/rule\/([\w|-]+)\//;

/** Measures a build. `attributes` are those of the build, which all its metrics have. */
export class BuildMetrics {
  readonly #metrics: Metrics;
  readonly #attributes: () => Attributes;
  /** Kinds of local sources, and how many bytes came, by step. */
  readonly #local = new Map<string, { readonly type: string; bytes: number }>();
  readonly #images = new Set<string>();
  readonly #spells: { readonly started: UnixNano; readonly completed: UnixNano }[] = [];

  constructor(metrics: Metrics, attributes: () => Attributes) {
    this.#metrics = metrics;
    this.#attributes = attributes;
  }

  note(status: SolveStatus): void {
    for (const vertex of status.vertexes) this.#noteStep(vertex);
    for (const { vertex, id, name, current, total, started, completed } of status.statuses) {
      const local = this.#local.get(vertex);
      if (local !== undefined && name.startsWith('transferring')) {
        const more = Number(current) - local.bytes;
        if (more > 0) this.#record(LOCAL_BYTES, more, { 'source.local.type': local.type });
        local.bytes = Math.max(local.bytes, Number(current));
      }
      if (started === undefined || completed === undefined) continue;
      const spent = milliseconds(completed - started);
      if (name === 'extracting') {
        this.#record(EXTRACT_TIME, spent);
      } else if (this.#images.has(vertex) && id.startsWith('sha256:')) {
        this.#record(IMAGE_TIME, spent);
        this.#record(IMAGE_BYTES, Number(total));
      }
    }
    for (const { url } of status.warnings) {
      const rule = LINT_RULE.exec(url ?? '')?.[1];
      if (rule !== undefined) this.#record(LINT_COUNT, 1, { 'lint.rule.name': camelCase(rule) });
    }
  }

  /** The build has ended. */
  end(): void {
    this.#record(IDLE_TIME, milliseconds(idleTime(this.#spells)));
  }

  #noteStep({ digest, name, started, completed }: Vertex): void {
    if (!this.#local.has(digest)) {
      const type = LOCAL_SOURCES.find(([, pattern]) => pattern.test(name))?.[0];
      if (type !== undefined) this.#local.set(digest, { type, bytes: 0 });
    }
    if (IMAGE_SOURCE.test(name)) this.#images.add(digest);
    if (started === undefined || completed === undefined) return;
    this.#spells.push({ started, completed });
    const spent = milliseconds(completed - started);
    const local = this.#local.get(digest);
    if (local !== undefined) this.#record(LOCAL_TIME, spent, { 'source.local.type': local.type });
    if (EXEC.test(name)) this.#record(EXEC_TIME, spent);
    const exported = EXPORT.exec(name);
    if (exported !== null)
      this.#record(EXPORT_TIME, spent, { 'image.format': exported.groups?.['format'] ?? 'docker' });
  }

  #record(instrument: Instrument, value: number, attributes: Attributes = {}): void {
    this.#metrics.record(instrument, value, { ...this.#attributes(), ...attributes });
  }
}

function milliseconds(nanos: bigint): number {
  return Number(nanos) / 1e6;
}

function camelCase(words: string): string {
  return words
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase())
    .join('');
}

/** How long no step was at work between the first and the last. */
function idleTime(spells: readonly { readonly started: UnixNano; readonly completed: UnixNano }[]): bigint {
  const sorted = spells.toSorted((a, b) => (a.started < b.started ? -1 : Number(a.started > b.started)));
  let idle = 0n;
  let busyUntil = sorted[0]?.started ?? 0n;
  for (const { started, completed } of sorted) {
    if (started > busyUntil) idle += started - busyUntil;
    if (completed > busyUntil) busyUntil = completed;
  }
  return idle;
}
