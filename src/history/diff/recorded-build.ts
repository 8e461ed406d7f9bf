import { wrap } from '../../base/errors.ts';
import { goTimeJson, utcTime } from '../../base/go-time.ts';
import type { HistoryRecord, ResultInfo, UnixNano, Vertex } from '../../buildkit/control/index.ts';
import { decodeStatus } from '../../buildkit/rpc/index.ts';
import type { ContentDescriptor } from '../../registry/images/index.ts';
import { buildName } from '../build-name.ts';
import type { FoundRecord, History } from '../open-history.ts';
import { publicAttributes } from '../public-attributes.ts';
import { type BuildGraph, type GraphStep, joinGraphs, readGraph } from './build-graph.ts';
import { placeOfStep } from './pair-steps.ts';

/** One step of a build that has ended. */
export interface BuiltStep {
  readonly digest: string;
  readonly name: string;
  /** `unfinished`: the build ended before it did, or before it began. */
  readonly state: 'cached' | 'ran' | 'failed' | 'unfinished';
  /** Nanoseconds. */
  readonly duration: number;
  /** Whether no line of the Dockerfile asked for it, or nothing but a base image to be there. */
  readonly isInternal: boolean;
  /** Digests of the steps that it needs. */
  readonly inputs: readonly string[];
  /** The how manieth it was to begin. */
  readonly began: number;
  /** `local://context` of a step that loads files from here. */
  readonly localSource: string | undefined;
  readonly graph: GraphStep | undefined;
}

/** What the daemon has kept of a build. */
export interface RecordedBuild {
  /** `builder/node/id`. */
  readonly ref: string;
  readonly name: string;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly status: 'completed' | 'failed' | 'canceled';
  /** Why it failed, empty when it did not. */
  readonly error: string;
  /** Nanoseconds. */
  readonly duration: number;
  readonly record: HistoryRecord;
  /** Path or URL of the context, as far as it is known. */
  readonly context: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly graph: BuildGraph;
  readonly steps: readonly BuiltStep[];
  /** What it gave, by platform and exporter. */
  readonly results: ReadonlyMap<string, ContentDescriptor>;
}

const CANCELED = 1;
const BASE_IMAGE = /^\[[^\]]*\] FROM /;

/** Reads all that is needed to compare a build. Rejects with RPC_FAILED, PROTOCOL, CANCELED. */
export async function readBuild(
  history: History,
  found: FoundRecord,
  { signal }: { readonly signal: AbortSignal },
): Promise<RecordedBuild> {
  const { node, record } = found;
  const vertexes = new Map<string, Vertex>();
  for await (const status of node.control.status(record.ref, { signal })) {
    for (const vertex of status.vertexes) vertexes.set(vertex.digest, vertex);
  }
  const graph = await readGraphs(found, signal);
  const state = history.localState(found);
  const { createdAt = 0n, completedAt = createdAt, frontendAttrs, error } = record;
  return {
    ref: `${node.builder}/${node.name}/${record.ref}`,
    name: buildName(frontendAttrs, state),
    startedAt: goTimeJson(utcTime(createdAt)),
    status: error === undefined ? 'completed' : error.code === CANCELED ? 'canceled' : 'failed',
    error: error?.message ?? '',
    duration: nanoseconds(createdAt, completedAt),
    record,
    context: frontendAttrs['context'] ?? state?.LocalPath ?? '',
    attributes: publicAttributes(frontendAttrs),
    graph,
    steps: inOrder([...vertexes.values()].toSorted(byStart).map((vertex, at) => builtStep(vertex, at, graph))),
    results: resultsOf(record),
  };
}

function builtStep(vertex: Vertex, began: number, { steps }: BuildGraph): BuiltStep {
  const { digest, name, inputs, started, completed, cached, error } = vertex;
  const isFailed = error !== undefined && error !== '';
  const graph = steps.get(digest);
  return {
    digest,
    name,
    state: cached ? 'cached' : isFailed ? 'failed' : completed === undefined ? 'unfinished' : 'ran',
    duration: started === undefined || completed === undefined ? 0 : nanoseconds(started, completed),
    isInternal: placeOfStep(name) === undefined || BASE_IMAGE.test(name),
    inputs,
    began,
    localSource: graph === undefined ? localSourceOf(name) : localOnly(graph.source),
    graph,
  };
}

function localOnly(source: string | undefined): string | undefined {
  return source?.startsWith('local://') === true ? source : undefined;
}

/** By the name that the frontend gives it. */
function localSourceOf(name: string): string | undefined {
  if (name === '[internal] load build context') return 'local://context';
  const context = /^\[context (.+)\] load from client$/.exec(name)?.[1];
  return context === undefined ? undefined : `local://${context}`;
}

/** What never began comes last. */
function byStart({ started: a }: Vertex, { started: b }: Vertex): number {
  if (a === b) return 0;
  if (a === undefined || b === undefined) return a === undefined ? 1 : -1;
  return a < b ? -1 : 1;
}

/** The steps of a stage as they stand in the Dockerfile: those from the cache are found from its end. */
function inOrder(all: readonly BuiltStep[]): BuiltStep[] {
  const stages = Map.groupBy(all, ({ name }) => placeOfStep(name)?.stage);
  return [...stages].flatMap(([stage, steps]) =>
    stage === undefined
      ? steps
      : steps.toSorted((a, b) => (placeOfStep(a.name)?.place ?? 0) - (placeOfStep(b.name)?.place ?? 0)),
  );
}

/** Clocks may be set back. */
function nanoseconds(start: UnixNano, end: UnixNano): number {
  return Math.max(0, Number(end - start));
}

async function readGraphs({ node, record }: FoundRecord, signal: AbortSignal): Promise<BuildGraph> {
  const provenances = infosOf(record).flatMap(([, { attestations }]) =>
    attestations.filter(({ annotations }) => annotations?.['in-toto.io/predicate-type']?.includes('/provenance/')),
  );
  const graphs: BuildGraph[] = [];
  for (const descriptor of provenances) {
    const bytes = await node.content.readAll(descriptor, { signal });
    graphs.push(readGraph(parse(Buffer.from(bytes).toString(), descriptor.digest)));
  }
  const joined = joinGraphs(graphs);
  if (joined.dockerfile !== undefined || record.externalError === undefined) return joined;
  // Of a build that failed the error tells the file that it is about.
  const status = decodeStatus(await node.content.readAll(record.externalError, { signal }));
  const detail = status?.details.find((one) => one.kind === 'source');
  if (detail === undefined) return joined;
  const { filename, data } = detail.source;
  return { ...joined, dockerfile: { name: filename, text: Buffer.from(data).toString() } };
}

function parse(text: string, digest: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw wrap('PROTOCOL', `failed to read provenance ${digest}`, error);
  }
}

/** By platform; of the only one by an empty name. */
function infosOf({ result, results }: HistoryRecord): (readonly [string, ResultInfo])[] {
  return [...(result === undefined ? [] : [['', result] as const]), ...Object.entries(results)];
}

function resultsOf(record: HistoryRecord): ReadonlyMap<string, ContentDescriptor> {
  return new Map(
    infosOf(record).flatMap(([platform, { results }]) =>
      [...results].map(([at, descriptor]) => {
        const exporter = record.exporters[Number(at)];
        const name = exporter?.attrs['name'] ?? '';
        const parts = [platform, exporter?.type ?? `exporter ${at}`, name].filter((part) => part !== '');
        return [parts.join(' '), descriptor] as const;
      }),
    ),
  );
}
