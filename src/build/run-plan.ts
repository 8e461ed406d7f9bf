import { messageOf } from '../base/errors.ts';
import type { BuilderNode } from '../builder/index.ts';
import { saveLocalState } from '../builder/store/index.ts';
import {
  type ClientSteps,
  createClientSteps,
  newIdentity,
  now,
  type SolveStatus,
  type VertexWarning,
} from '../buildkit/control/index.ts';
import { entitlements } from './attributes.ts';
import { onOwnClock } from './daemon-clock.ts';
import type { EventReader } from './events.ts';
import { exportTargets } from './export-targets.ts';
import { prefersImageDigest } from './exporters.ts';
import { failureOf, runChosenFrontend } from './frontend.ts';
import { layoutOutputs } from './layout-outputs.ts';
import { localFiles } from './local-files.ts';
import type { Bridge, BridgeResult } from '../buildkit/gateway/index.ts';
import type { Attachable } from '../session/index.ts';
import type { BuildOptions } from './options.ts';
import type { BuildPlan, PlanSetting } from './plan-build.ts';
import { recordedProvenance } from './provenance.ts';
import { peekLocalFile } from './read-local-file.ts';
import type { BuildResult } from './result.ts';
import { openSession } from './session.ts';
import { solve } from './solve.ts';
import { toldOnce } from './told-once.ts';
import { type Span, withSpan } from '../tracing/index.ts';
import { knownFrontend, showsProvenance } from './witness.ts';

export type RunSetting = Pick<PlanSetting, 'env' | 'config' | 'signal' | 'onEvent'>;

/** What a build has in common with others. */
export interface SharedBuild {
  /** Names the build. */
  readonly ref?: string | undefined;
  /** Gives credentials. */
  readonly auth?: Attachable | undefined;
  /** The target of a bake file that is built, and the id of all that are built with it. */
  readonly target?: string | undefined;
  readonly group?: string | undefined;
  /** Waited for before the result of the frontend becomes that of the build: others may need it. */
  readonly settle?:
    | ((result: BridgeResult, bridge: Bridge, options: { readonly signal: AbortSignal }) => Promise<void>)
    | undefined;
}

/**
 * Runs a planned build to its end: solves it, then does what is left to do on this side. Errors as those of `build`.
 */
export async function runPlan(
  plan: BuildPlan,
  node: BuilderNode,
  setting: RunSetting,
  shared: SharedBuild = {},
): Promise<BuildResult> {
  return await withSpan('build', (span) => runInSpan(span, plan, node, setting, shared));
}

async function runInSpan(
  span: Span | undefined,
  plan: BuildPlan,
  node: BuilderNode,
  setting: RunSetting,
  shared: SharedBuild,
): Promise<BuildResult> {
  const { ref = newIdentity(), auth } = shared;
  const { options, inputs, caches, attributes } = plan;
  const { exporters, loadTargets } = plan.outputs;
  const { env, config, signal, onEvent } = setting;
  const sessionId = newIdentity();
  const warnings: VertexWarning[] = [];
  const onStatus = (status: SolveStatus): unknown => {
    warnings.push(...status.warnings);
    return onEvent({ kind: 'status', status });
  };
  const steps = createClientSteps(onStatus);
  const layouts = await layoutOutputs(exporters);
  const session = openSession({
    id: sessionId,
    sharedKey: plan.sharedKey,
    localDirs: inputs.localDirs,
    uploads: inputs.uploads,
    targets: exportTargets(exporters, loadTargets, steps),
    forwarded: plan.forwarded,
    stores: new Map([...inputs.stores, ...caches.stores, ...layouts.stores]),
    auth,
    config,
    env,
    onStatus,
    onWarning: (message) => onEvent({ kind: 'warning', message }),
  });
  const request = {
    ref,
    session: sessionId,
    exporters: exporters.map(({ type, attrs }) => ({ type, attrs })),
    frontendAttrs: attributes,
    cacheExports: caches.exports,
    cacheImports: caches.imports,
    entitlements: entitlements(options),
    sourcePolicy: options.sourcePolicy,
  };
  const bridge = node.bridge(ref);
  const witnessed = showsProvenance(options, exporters, attributes);
  const isWitnessedHere = witnessed && plan.frontend.kind === 'client';
  const known = isWitnessedHere
    ? knownFrontend(
        attributes,
        peekLocalFile(inputs.localDirs.get('dockerfile'), attributes['filename'] ?? 'Dockerfile'),
      )
    : undefined;
  const frontend = {
    bridge,
    sessionId,
    attributes,
    definitions: inputs.definitions,
    locals: localFiles(inputs.localDirs, steps),
    witnessed,
    known,
  };
  const solving = solve(
    request,
    {
      control: node.control,
      bridge,
      session,
      dialSession: node.dialSession,
      frontend: async (call) => {
        const result = await runChosenFrontend(plan.frontend, frontend, call);
        await shared.settle?.(result, bridge, call);
        return result;
      },
      failureOf,
      onStatus: onOwnClock(toldOnce(onStatus, steps, { isReadHere: known !== undefined }), now),
    },
    { signal },
  );
  remember(plan, node, { ...shared, ref }, onEvent); // while the daemon begins
  const { exporterResponse } = await solving;
  span?.end();
  await caches.finish(exporterResponse);
  await layouts.finish(exporterResponse);
  const buildRef = `${node.builder}/${node.name}/${ref}`;
  const response: Record<string, string> = {
    ...exporterResponse,
    'buildx.build.ref': buildRef,
    ...(await provenanceEntries(node, ref, options, steps, signal)),
  };
  const pushed = exporters.flatMap(({ pushedByEngine }) => pushedByEngine);
  if (pushed.length > 0 && node.engine !== undefined) {
    const { pushByEngine } = await import('./push-image.ts');
    Object.assign(response, await pushByEngine(pushed, response, { engine: node.engine, steps, ...setting }));
  }
  if (prefersImageDigest(exporters)) Reflect.deleteProperty(response, 'containerimage.config.digest');
  return { ref: buildRef, exporterResponse: response, warnings };
}

/** A home that cannot be written is no reason not to build. */
function remember(
  { stateDir, inputs }: BuildPlan,
  node: BuilderNode,
  { ref: id = '', target = 'default', group }: SharedBuild,
  onEvent: EventReader,
): void {
  const state = { Target: target, LocalPath: inputs.localPath, DockerfilePath: inputs.dockerfilePath, GroupRef: group };
  try {
    saveLocalState(stateDir, { builder: node.builder, node: node.name, id }, state);
  } catch (error) {
    onEvent({ kind: 'warning', message: messageOf(error) });
  }
}

async function provenanceEntries(
  node: BuilderNode,
  ref: string,
  { metadataProvenance: mode = 'disabled' }: BuildOptions,
  steps: ClientSteps,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  if (mode === 'disabled') return {};
  return await steps.run('resolving provenance for metadata file', () =>
    recordedProvenance(node, ref, mode, { signal }),
  );
}
