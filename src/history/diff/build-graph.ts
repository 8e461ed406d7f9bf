// What the provenance in a record tells of the graph that was built, in both versions of SLSA that BuildKit writes.
import { createHash } from 'node:crypto';
import { compareUtf8 } from '../../base/go-json.ts';
import { listMember, member, members, textList, textMember, textMembers } from '../../base/json-object.ts';

/** One op of a build. */
export interface GraphStep {
  /** What it does, by path: `exec.meta.args.2`. */
  readonly definition: ReadonlyMap<string, string>;
  /** Stands for its definition and those of everything that it needs, but not for the files of local contexts. */
  readonly key: string;
  /** Stands for its result; undefined where that is in no layer, or in one that nobody made. */
  readonly output: string | undefined;
  /** Of what comes from outside: `local://context`. */
  readonly source: string | undefined;
}

export interface BuildGraph {
  /** By digest, as the progress of the build names them. */
  readonly steps: ReadonlyMap<string, GraphStep>;
  /** Digests of what was fetched, by its URI without digest. */
  readonly materials: ReadonlyMap<string, string>;
  /** Text of the Dockerfile. */
  readonly dockerfile: { readonly name: string; readonly text: string } | undefined;
  /** Bytes of the layers of the result, compressed; undefined when there are none. */
  readonly size: number | undefined;
}

/** @param predicate of a provenance, parsed. What is not there is left out. */
export function readGraph(predicate: unknown): BuildGraph {
  const details = member(predicate, 'buildDefinition');
  const config = member(predicate, 'buildConfig') ?? member(member(details, 'internalParameters'), 'buildConfig');
  const metadata = member(predicate, 'metadata') ?? member(member(predicate, 'runDetails'), 'metadata');
  const buildkit =
    member(metadata, 'https://mobyproject.org/buildkit@v1#metadata') ?? member(metadata, 'buildkit_metadata');
  const layers = new Map(members(member(buildkit, 'layers')).map(([name, chains]) => [name, layersOf(chains)]));
  const { steps, last } = readSteps(config, layers);
  const info = listMember(member(buildkit, 'source'), 'infos')?.[0];
  const file = info === undefined ? undefined : Buffer.from(textMember(info, 'data'), 'base64').toString();
  return {
    steps,
    materials: readMaterials(listMember(predicate, 'materials') ?? listMember(details, 'resolvedDependencies') ?? []),
    dockerfile: file === undefined ? undefined : { name: textMember(info, 'filename'), text: file },
    size: last?.reduce((sum, { size }) => sum + size, 0),
  };
}

/** The graphs of all platforms as one. */
export function joinGraphs(graphs: readonly BuildGraph[]): BuildGraph {
  const sizes = graphs.flatMap(({ size }) => size ?? []);
  return {
    steps: new Map(graphs.flatMap(({ steps }) => [...steps])),
    materials: new Map(graphs.flatMap(({ materials }) => [...materials])),
    dockerfile: graphs.find(({ dockerfile }) => dockerfile !== undefined)?.dockerfile,
    size: sizes.length === 0 ? undefined : sizes.reduce((sum, size) => sum + size, 0),
  };
}

interface Layer {
  readonly digest: string;
  readonly size: number;
}

function layersOf(chains: unknown): Layer[] {
  const layers = Array.isArray(chains) ? chains.flat() : [];
  return layers.map((layer) => {
    const size = member(layer, 'size');
    return { digest: textMember(layer, 'digest'), size: typeof size === 'number' ? size : 0 };
  });
}

function readSteps(
  config: unknown,
  layers: ReadonlyMap<string, readonly Layer[]>,
): { readonly steps: ReadonlyMap<string, GraphStep>; readonly last: readonly Layer[] | undefined } {
  const digests = new Map(
    Object.entries(textMembers(member(config, 'digestMapping'))).map(([digest, id]) => [id, digest]),
  );
  const keys = new Map<string, string>();
  const steps = new Map<string, GraphStep>();
  let last: readonly Layer[] | undefined;
  // What a step needs comes before it.
  for (const step of listMember(config, 'llbDefinition') ?? []) {
    const id = textMember(step, 'id');
    const inputs = textList(step, 'inputs') ?? [];
    const op = member(member(step, 'op'), 'Op');
    const definition = new Map([...flatten('', op), ...flatten('platform', member(member(step, 'op'), 'platform'))]);
    const needed = inputs.map((input) => `${keys.get(nameOf(input)) ?? '?'}:${input.split(':')[1]}`);
    const key = hash(JSON.stringify([[...definition], needed]));
    keys.set(id, key);
    const own = [...layers].filter(([name]) => nameOf(name) === id).map(([, of]) => of.map(({ digest }) => digest));
    steps.set(digests.get(id) ?? id, {
      definition,
      key,
      output: own.length === 0 ? undefined : JSON.stringify(own),
      source: textMember(member(op, 'source'), 'identifier') || undefined,
    });
    // The one that does nothing names the result.
    if (members(op).length === 0) last = layers.get(inputs[0] ?? '');
  }
  return { steps, last };
}

/** Of `step3:0` the step. */
function nameOf(output: string): string {
  return output.split(':')[0] ?? '';
}

/** The leaves of JSON by path; of lists of variables by their names. */
function flatten(path: string, value: unknown): [path: string, text: string][] {
  if (Array.isArray(value)) {
    const isEnv = path.endsWith('.env') && value.every((item) => typeof item === 'string' && item.includes('='));
    return value.flatMap((item: unknown, at) => {
      if (!isEnv || typeof item !== 'string') return flatten(`${path}.${at}`, item);
      const [name = '', ...rest] = item.split('=');
      return [[`${path}.${name}`, rest.join('=')] as [string, string]];
    });
  }
  if (typeof value === 'object' && value !== null) {
    const sorted = members(value).toSorted(([a], [b]) => compareUtf8(a, b));
    return sorted.flatMap(([name, item]) => flatten(path === '' ? name : `${path}.${name}`, item));
  }
  return value === undefined ? [] : [[path, typeof value === 'string' ? value : JSON.stringify(value)]];
}

function readMaterials(materials: readonly unknown[]): ReadonlyMap<string, string> {
  return new Map(
    materials.map((material) => {
      const uri = textMember(material, 'uri')
        .replace(/([?&])digest=[^&]*&?/, '$1')
        .replace(/[?&]$/, '');
      const digest = Object.entries(textMembers(member(material, 'digest'))).map(([name, hex]) => `${name}:${hex}`);
      return [uri, digest.join(',')] as const;
    }),
  );
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
