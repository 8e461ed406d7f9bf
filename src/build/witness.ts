// A provenance tells of a frontend, its arguments and what it read only what the daemon saw itself: of a definition that
// comes from outside it knows the steps and nothing else. So where the provenance will be looked at, the daemon's own
// frontend runs beside ours, on the same files. When it comes to the same graph, its results are the ones returned: the
// same to the last byte, and told completely.
import type { Bridge, BridgeRef, BridgeResult } from '../buildkit/gateway/index.ts';
import {
  chooseFrontend,
  type Gateway,
  isOther,
  type LocalFiles,
  type OwnFrontend,
  runFrontend,
} from '../dockerfile/frontend/index.ts';
import { type Definition, isSameGraph } from '../llb/index.ts';
import { isTrueLoose } from './attributes.ts';
import type { Exporter } from './exporters.ts';
import { encodeInputs } from './gateway.ts';
import type { BuildOptions } from './options.ts';

/** Whether anybody can find the provenance of the build: in what its exporters write, or in its metadata. */
export function showsProvenance(
  { metadataProvenance = 'disabled' }: Pick<BuildOptions, 'metadataProvenance'>,
  exporters: readonly Pick<Exporter, 'type' | 'attrs'>[],
  attributes: Readonly<Record<string, string>>,
): boolean {
  if (metadataProvenance !== 'disabled') return true;
  const provenance = attributes['attest:provenance'];
  if (provenance === undefined) return false;
  const isInlineOnly = isTrueLoose(/(?:^|,)inline-only=([^,]*)/.exec(provenance)?.[1]);
  if (!isInlineOnly) return exporters.length > 0;
  // Such a provenance is no reason for an archive to become an index, but it is part of one that is an index anyway.
  const makesIndex = attributes['platform']?.includes(',') === true || 'attest:sbom' in attributes;
  const isIndex = makesIndex || isTrueLoose(attributes['multi-platform']);
  return exporters.some(
    ({ type, attrs }) =>
      type === 'image' ||
      type === 'moby' ||
      ((type === 'oci' || type === 'docker') && (isIndex || isTrueLoose(attrs['attestation-inline']))),
  );
}

export interface WitnessedDeps {
  readonly bridge: Bridge;
  readonly gateway: Gateway;
  readonly locals: LocalFiles;
  /** Contexts that are given as LLB, by name. */
  readonly inputs: ReadonlyMap<string, Definition>;
  /** Where it has been called already. */
  readonly witness?: Witness | undefined;
}

/** What the daemon's own frontend comes to; undefined when it fails: what is wrong with the build is ours to tell. */
export type Witness = Promise<BridgeResult | undefined>;

interface WitnessCall {
  readonly bridge: Bridge;
  readonly attributes: Readonly<Record<string, string>>;
  readonly inputs: ReadonlyMap<string, Definition>;
}

export function callWitness(
  { bridge, attributes, inputs }: WitnessCall,
  { named }: OwnFrontend,
  options: { readonly signal: AbortSignal },
): Witness {
  // With a command line it knows that it is the frontend that was asked for, and does not fetch it.
  const asked = named === undefined ? {} : { cmdline: named.cmdline, source: named.ref };
  const frontendOpts = { ...attributes, ...asked };
  const request = { frontend: 'dockerfile.v0', frontendOpts, frontendInputs: encodeInputs(inputs) };
  return bridge.solve(request, options).catch(() => undefined);
}

/**
 * That we are the frontend, where it is known before the daemon has answered: the witness can be called at once, which saves a
 * round trip. The Dockerfile is at hand and asks for no other frontend, and the daemon is asked for a provenance, so it knows them.
 */
export function knownFrontend(
  attributes: Readonly<Record<string, string>>,
  dockerfile: Uint8Array | undefined,
): OwnFrontend | undefined {
  const mayDiffer = 'requestid' in attributes || 'frontend.caps' in attributes || 'context' in attributes;
  if (dockerfile === undefined || mayDiffer || !('attest:provenance' in attributes)) return undefined;
  const frontend = chooseFrontend(attributes, dockerfile);
  return isOther(frontend) ? undefined : frontend;
}

/** Converts the Dockerfile here, with the daemon's own frontend as the witness of the provenance. */
export async function convertWitnessed(
  { bridge, gateway, locals, inputs, witness: called }: WitnessedDeps,
  { signal }: { readonly signal: AbortSignal },
): Promise<BridgeResult> {
  let witness = called;
  const onConversion = (frontend: OwnFrontend): void => {
    witness ??= callWitness({ bridge, attributes: gateway.buildOpts.opts, inputs }, frontend, { signal });
  };
  const warnings: (() => Promise<void>)[] = [];
  const ourGateway: Gateway = {
    ...gateway,
    warn: async (warning) => void warnings.push(() => gateway.warn(warning, { signal })),
  };
  let ours: BridgeResult;
  try {
    ours = await runFrontend({ gateway: ourGateway, locals, onConversion }, { signal });
  } catch (error) {
    await witness; // it has the same to say, and tells the warnings that led there
    throw error;
  }
  if (mayBegin(gateway.buildOpts)) {
    for (const { id } of refsOf(ours)) bridge.evaluate(id, { signal }).catch(() => undefined);
  }
  const theirs = await witness;
  if (theirs === undefined) for (const tell of warnings) await tell().catch(() => undefined);
  if (theirs === undefined || !isSame(ours, theirs)) return ours;
  return { ...theirs, metadata: ours.metadata };
}

/**
 * Whether files are sent and steps begin while the witness is still reading. Not without cache: when such steps are loaded a
 * second time, the daemon empties the cache mounts that they have just filled. Nor below BuildKit 0.17, known by this
 * capability: its steps are the same as ours under other digests, and would be shown twice.
 */
function mayBegin({ opts, llbCaps }: Gateway['buildOpts']): boolean {
  return !Object.hasOwn(opts, 'no-cache') && llbCaps.supports('exec.validexitcode');
}

function refsOf({ ref, refs }: BridgeResult): BridgeRef[] {
  return [ref, ...(refs?.values() ?? [])].filter((one) => one !== undefined);
}

function isSame(ours: BridgeResult, theirs: BridgeResult): boolean {
  const [mine, others] = [definitionsOf(ours), definitionsOf(theirs)];
  return (
    mine.size === others.size && [...mine].every(([id, one]) => others.has(id) && isSameResult(one, others.get(id)))
  );
}

function isSameResult(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : isSameGraph(one, other);
}

/** What the results were made of, by platform id; undefined for an empty one. */
function definitionsOf({ ref, refs }: BridgeResult): Map<string, Uint8Array | undefined> {
  const definition = (one: BridgeRef | undefined): Uint8Array | undefined =>
    one && (one.definition ?? new Uint8Array());
  return new Map([...(refs ?? [['', ref] as const])].map(([id, one]) => [id, definition(one)]));
}
