// Matches buildx build/provenance.go: the provenance of a build as its metadata tell it, always in the form of SLSA 0.2.
import { wrap } from '../base/errors.ts';
import { member, members, textMember } from '../base/json-object.ts';
import type { ContentClient } from '../buildkit/content/index.ts';
import type { ControlClient } from '../buildkit/control/index.ts';
import { GRPC_STATUS, isRpcError } from '../buildkit/rpc/index.ts';
import type { ContentDescriptor } from '../registry/images/index.ts';

/** How much of the provenance goes into the metadata. `min` leaves out the steps, the times and what is complete. */
export type MetadataProvenance = 'min' | 'max' | 'disabled';

const PREDICATE = 'https://slsa.dev/provenance/';
const SLSA_1 = 'https://slsa.dev/provenance/v1';
const BUILDKIT = 'https://mobyproject.org/buildkit@v1';

/** A daemon that keeps records of builds. */
export interface RecordKeeper {
  readonly control: Pick<ControlClient, 'listenBuildHistory'>;
  readonly content: Pick<ContentClient, 'readAll'>;
}

type Attestation = ContentDescriptor & { readonly platformId?: string };

/**
 * The provenance that the daemon keeps of the build `id`, as entries of the exporters' answer:
 * `buildx.build.provenance[/platform]`, base64 of JSON. None when the daemon keeps no history.
 */
export async function recordedProvenance(
  { control, content }: RecordKeeper,
  id: string,
  mode: Exclude<MetadataProvenance, 'disabled'>,
  { signal }: { readonly signal: AbortSignal },
): Promise<Record<string, string>> {
  const found = await attestationsOf(control, id, signal);
  const entries = found.filter(isProvenance).map(async (attestation): Promise<[string, string]> => {
    const text = Buffer.from(await content.readAll(attestation, { signal })).toString();
    const suffix = attestation.platformId === undefined ? '' : `/${attestation.platformId}`;
    return [`buildx.build.provenance${suffix}`, encode(JSON.parse(text), predicateType(attestation), mode)];
  });
  try {
    return Object.fromEntries(await Promise.all(entries));
  } catch (error) {
    throw wrap('RPC_FAILED', 'failed to load provenance blob from build record', error);
  }
}

/** Each with its platform; undefined for the only one. */
async function attestationsOf(
  control: RecordKeeper['control'],
  id: string,
  signal: AbortSignal,
): Promise<readonly Attestation[]> {
  const found: Attestation[] = [];
  try {
    for await (const { record } of control.listenBuildHistory({ ref: id, earlyExit: true }, { signal })) {
      const results = Object.entries(record.results);
      for (const [platform, result] of results)
        found.push(...result.attestations.map((attestation) => ({ ...attestation, platformId: platform })));
      if (results.length === 0) found.push(...(record.result?.attestations ?? []));
    }
  } catch (error) {
    if (isRpcError(error) && error.status === GRPC_STATUS.unimplemented) return [];
    throw error;
  }
  return found;
}

function isProvenance(attestation: Attestation): boolean {
  return attestation.mediaType === 'application/vnd.in-toto+json' && predicateType(attestation).startsWith(PREDICATE);
}

function predicateType({ annotations = {} }: Attestation): string {
  return annotations['in-toto.io/predicate-type'] ?? '';
}

function encode(predicate: unknown, type: string, mode: 'min' | 'max'): string {
  const slsa02 = type === SLSA_1 ? toSlsa02(predicate) : Object.fromEntries(members(predicate));
  const { buildConfig: _, metadata: __, ...min } = slsa02;
  return Buffer.from(JSON.stringify(mode === 'min' ? min : slsa02)).toString('base64');
}

/** A predicate of SLSA 1 in the words of SLSA 0.2. */
function toSlsa02(predicate: unknown): Record<string, unknown> {
  const [definition, details] = [member(predicate, 'buildDefinition'), member(predicate, 'runDetails')];
  const [external, internal] = [member(definition, 'externalParameters'), member(definition, 'internalParameters')];
  const { buildConfig, builderPlatform, ...environment } = Object.fromEntries(members(internal));
  const dependencies = member(definition, 'resolvedDependencies');
  const source = member(external, 'configSource');
  const run = member(details, 'metadata');
  const completeness = member(run, 'buildkit_completeness');
  return {
    builder: { id: textMember(member(details, 'builder'), 'id') },
    buildType: BUILDKIT,
    materials: (Array.isArray(dependencies) ? dependencies : []).map((material: unknown) => ({
      uri: member(material, 'uri'),
      digest: member(material, 'digest'),
    })),
    invocation: {
      configSource: {
        uri: member(source, 'uri'),
        digest: member(source, 'digest'),
        entryPoint: member(source, 'path'),
      },
      parameters: member(external, 'request'),
      environment: { platform: builderPlatform, ...environment },
    },
    buildConfig,
    metadata: {
      buildInvocationID: member(run, 'invocationId'),
      buildStartedOn: member(run, 'startedOn'),
      buildFinishedOn: member(run, 'finishedOn'),
      completeness: {
        parameters: member(completeness, 'request') === true,
        environment: true,
        materials: member(completeness, 'resolvedDependencies') === true,
      },
      reproducible: member(run, 'buildkit_reproducible') === true,
      [`${BUILDKIT}#hermetic`]: member(run, 'buildkit_hermetic'),
      [`${BUILDKIT}#metadata`]: member(run, 'buildkit_metadata'),
    },
  };
}
