import { messageOf } from '../base/errors.ts';
import { once } from '../base/once.ts';
import { openBuilder, proxyBuildArgs } from '../builder/index.ts';
import { nodeIdentifier, openStateDir } from '../builder/store/index.ts';
import { newIdentity, type SolveRequest, type SolveStatus, type WorkerRecord } from '../buildkit/control/index.ts';
import type { BridgeResult } from '../buildkit/gateway/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import type { LocalFiles } from '../dockerfile/frontend/index.ts';
import { buildQuery } from './build-query.ts';
import { chooseNodes } from './builder-nodes.ts';
import { entitlements, frontendAttributes } from './attributes.ts';
import { nodeFeatures } from './features.ts';
import { failureOf, type FrontendChoice, type FrontendDeps, runChosenFrontend } from './frontend.ts';
import type { Forwarded } from './forwarded.ts';
import type { HeldEvents } from './held-events.ts';
import type { BuildInputs } from './inputs.ts';
import type { BuildOptions } from './options.ts';
import { openSession } from './session.ts';
import { solve } from './solve.ts';

/** There is no daemon: its failure is told as it is. */
export class UnreachableError extends Error {}

export interface DaemonCall {
  readonly options: BuildOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly config: DockerConfig;
  readonly choice: FrontendChoice;
  /** Frontend attributes of the call and the inputs. */
  readonly asked: Readonly<Record<string, string>>;
  readonly inputs: BuildInputs;
  readonly files: LocalFiles;
  readonly forwarded: Forwarded;
  readonly events: HeldEvents;
}

/** Has the frontend answer with what a daemon knows, in a solve that leaves no trace in its history and builds nothing. */
export async function askOnDaemon(
  { options: given, env, config, choice, asked, inputs, files, forwarded, events }: DaemonCall,
  { signal }: { readonly signal: AbortSignal },
): Promise<BridgeResult> {
  await using builder = await openBuilder(buildQuery(given, { config, env }));
  const announce = once(() => events.release({ kind: 'builder', name: builder.name, driver: builder.driver }));
  const onBoot = (status: SolveStatus): void => {
    announce();
    events.onStatus(status);
  };
  const { parts } = await chooseNodes(builder, given, { ...events, env, config, signal, onStatus: onBoot });
  // Of several nodes the first answers for all, of its own platforms; it can compile those of the others, too.
  const [{ node, ...part }] = parts;
  const options = asked['requestid'] === undefined ? given : { ...given, platforms: part.platforms };
  const workers = await (builder.isMade ? part.workers : reach(part.workers));
  announce();
  const features = nodeFeatures(node.driver, workers);
  const nodeId = nodeIdentifier(openStateDir(config.dir, env));
  const attributes = {
    ...Object.fromEntries(
      frontendAttributes(options, features, env, await proxyBuildArgs({ flags: options.docker ?? {}, config, env })),
    ),
    ...asked,
  };
  const ref = newIdentity();
  const sessionId = newIdentity();
  const { onStatus } = events;
  const session = openSession({
    id: sessionId,
    sharedKey: inputs.sharedKey === '' ? '' : `${inputs.sharedKey}:${nodeId}`,
    localDirs: inputs.localDirs,
    uploads: inputs.uploads,
    targets: new Map(),
    forwarded,
    stores: inputs.stores,
    config,
    env,
    onStatus,
    onWarning: (message) => events.onEvent({ kind: 'warning', message }),
  });
  const request: SolveRequest = {
    ref,
    session: sessionId,
    exporters: [],
    frontendAttrs: attributes,
    entitlements: entitlements(options),
    sourcePolicy: options.sourcePolicy,
    internal: true,
  };
  const bridge = node.bridge(ref);
  const deps = { bridge, sessionId, attributes, definitions: inputs.definitions, locals: files };
  let answer: BridgeResult | undefined;
  await solve(
    request,
    {
      control: node.control,
      bridge,
      session,
      dialSession: node.dialSession,
      frontend: async (how) => {
        answer = await askFrontend(choice, deps, how);
        return { metadata: answer.metadata };
      },
      failureOf,
      onStatus,
    },
    { signal },
  );
  return answer ?? { metadata: new Map() };
}

/** Errors: UnreachableError. */
export async function reach(workers: Promise<readonly WorkerRecord[]>): Promise<readonly WorkerRecord[]> {
  try {
    return await workers;
  } catch (cause) {
    throw new UnreachableError(messageOf(cause), { cause });
  }
}

/** Frontends that do not know one of the common calls have ours answer it, as buildx has a newer image do. */
async function askFrontend(
  choice: FrontendChoice,
  deps: FrontendDeps,
  options: { readonly signal: AbortSignal },
): Promise<BridgeResult> {
  try {
    return await runChosenFrontend(choice, deps, options);
  } catch (error) {
    if (!/unsupported request frontend\.(lint|outline|targets)\b/.test(messageOf(error))) throw error;
    const { 'build-arg:BUILDKIT_SYNTAX': _, ...attributes } = deps.attributes;
    // With a command line a frontend knows that it is the one that was asked for.
    const ours = { ...deps, attributes: { ...attributes, cmdline: 'docker/dockerfile' } };
    return await runChosenFrontend({ kind: 'client', isGuarded: choice.isGuarded }, ours, options);
  }
}
