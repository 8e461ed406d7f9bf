import { messageOf, TsbuildxError } from '../base/errors.ts';
import { placesOf } from '../base/sourced-error.ts';
import type { Bridge, BridgeFailure, BridgeResult } from '../buildkit/gateway/index.ts';
import { GRPC_STATUS, type RpcError } from '../buildkit/rpc/index.ts';
import {
  findBuildContext,
  type Gateway,
  type LocalFiles,
  type OwnFrontend,
  runFrontend,
} from '../dockerfile/frontend/index.ts';
import { encodeInputs, gatewayOver, isErrorWithLines } from './gateway.ts';
import type { Definition } from '../llb/index.ts';
import type { BuildOptions } from './options.ts';
import { refuseRemotePolicy, refusingPolicies } from './policy.ts';
import { enforcesOwnPolicy } from './policy-config.ts';
import { type FrontendInputs, givingUploads, withUploadAsInput } from './uploaded-context.ts';
import { callWitness, convertWitnessed } from './witness.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Who turns the Dockerfile into LLB. */
export type FrontendChoice = WhoCompiles & {
  /** Whether a policy beside the Dockerfile counts. */
  readonly isGuarded: boolean;
};

type WhoCompiles =
  /** We do. */
  | { readonly kind: 'client' }
  /** A frontend of the daemon: its own `dockerfile.v0`, or with `gateway.v0` an image. */
  | { readonly kind: 'daemon'; readonly name: 'dockerfile.v0' | 'gateway.v0' };

/**
 * The frontend of a build, and the attributes that go with the choice. The build argument BUILDKIT_SYNTAX names a
 * frontend image, as for buildx. Throws INVALID_ARGUMENT, and UNSUPPORTED for policies.
 */
export function chooseFrontend(options: BuildOptions, env: Env): [FrontendChoice, Readonly<Record<string, string>>] {
  const isGuarded = enforcesOwnPolicy(options.policies ?? [], env);
  const syntax = options.buildArgs?.['BUILDKIT_SYNTAX'];
  if (syntax !== undefined) {
    const [image] = syntax.trim().split(' ', 1);
    if (!image) {
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        "empty BUILDKIT_SYNTAX build-arg is invalid, use --build-arg BUILDKIT_SYNTAX without '=' for optional behavior",
      );
    }
    return [
      { kind: 'daemon', name: 'gateway.v0', isGuarded },
      { source: image, cmdline: syntax },
    ];
  }
  const choice = options.frontend ?? (env['TSBUILDX_FRONTEND'] || 'client');
  switch (choice) {
    case 'client':
      return [{ kind: 'client', isGuarded }, {}];
    case 'daemon':
      return [{ kind: 'daemon', name: 'dockerfile.v0', isGuarded }, {}];
    default:
      throw new TsbuildxError(
        'INVALID_ARGUMENT',
        `invalid TSBUILDX_FRONTEND ${JSON.stringify(choice)}: use client or daemon`,
      );
  }
}

export interface FrontendDeps {
  readonly bridge: Bridge;
  readonly sessionId: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Contexts that are given as LLB, by name. */
  readonly definitions: ReadonlyMap<string, Definition>;
  /** The Dockerfile and the ignore files of local contexts. */
  readonly locals: LocalFiles;
  /** Whether the provenance of the build may be looked at. Default false. */
  readonly witnessed?: boolean | undefined;
  /** What `knownFrontend` knows of a build that is witnessed. */
  readonly known?: OwnFrontend | undefined;
}

/** Makes the result of the build with the chosen frontend. */
export async function runChosenFrontend(
  choice: FrontendChoice,
  deps: FrontendDeps,
  options: { readonly signal: AbortSignal },
): Promise<BridgeResult> {
  const { bridge, attributes, sessionId, definitions: inputs } = deps;
  const open = async (): Promise<Gateway> =>
    gatewayOver(bridge, await bridge.ping(options), { attributes, sessionId, inputs });
  if (choice.kind === 'daemon') {
    const given = { frontendOpts: attributes, frontendInputs: inputs };
    const { frontendOpts, frontendInputs } = isRemote(deps)
      ? await checkRemote(await open(), choice.isGuarded, given, options)
      : given;
    const request = { frontend: choice.name, frontendOpts, frontendInputs: encodeInputs(frontendInputs) };
    return await bridge.solve(request, options);
  }
  const { locals, witnessed = false, known } = deps;
  const witness = known && callWitness({ bridge, attributes, inputs }, known, options);
  const daemon = givingUploads(await open());
  const gateway = choice.isGuarded ? refusingPolicies(daemon, attributes['filename'] ?? 'Dockerfile') : daemon;
  // Daemons that know no attestations record no provenance either.
  if (witnessed && gateway.buildOpts.llbCaps.supports('exporter.image.attestations')) {
    return await convertWitnessed({ bridge, gateway, locals, inputs, witness }, options);
  }
  return await runFrontend({ gateway, locals }, options);
}

function isRemote({ attributes, definitions }: FrontendDeps): boolean {
  return attributes['context'] !== undefined || definitions.has('context');
}

/** Looks at a remote context before a frontend of the daemon does. */
async function checkRemote(
  gateway: Gateway,
  isGuarded: boolean,
  given: FrontendInputs,
  options: { readonly signal: AbortSignal },
): Promise<FrontendInputs> {
  const context = await findBuildContext(gateway, options);
  if (isGuarded) await refuseRemotePolicy(gateway, context, options);
  return withUploadAsInput(gateway, context, given);
}

/** An error of the frontend as the daemon is told it, with the lines of the Dockerfile; another frontend's as it came. */
export function failureOf(error: unknown): BridgeFailure | RpcError {
  if (isErrorWithLines(error)) return error;
  const sources = placesOf(error).map(({ filename, data, ranges }) => ({
    info: { filename, data, language: 'Dockerfile' },
    ranges,
  }));
  return { status: GRPC_STATUS.unknown, message: messageOf(error), sources };
}
