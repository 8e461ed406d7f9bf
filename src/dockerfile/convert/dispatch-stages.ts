import { parseGoBool } from '../../base/go-bool.ts';
import { PatternMatcher } from '../../patterns/index.ts';
import { withLocation } from '../syntax/index.ts';
import { usedPaths } from './build-stages.ts';
import { setUser } from './config-instructions.ts';
import type { ConvertContext, DispatchContext } from './context.ts';
import { dispatch } from './dispatch.ts';
import { LateOutput } from './late-output.ts';
import type { StageState } from './stage-state.ts';
import { defaultPathEnv } from './system-path.ts';
import { setWorkdir } from './workdir.ts';
import { State } from '../../llb/index.ts';

/** Runs the instructions of the needed stages, in the order of the file; gives the build context that they use. */
export async function dispatchStages(
  target: StageState,
  reachable: ReadonlySet<StageState>,
  context: ConvertContext,
): Promise<LateOutput> {
  const { host, signal, options } = context;
  const patterns = await host.ignorePatterns({ signal });
  const buildContext = new LateOutput();
  const shared: DispatchContext = {
    ...context,
    buildContext: State.of(buildContext),
    ignore: patterns.length === 0 ? undefined : new PatternMatcher(patterns),
  };
  for (const stage of context.stages.stages) {
    if (!options.allStages && (stage.dispatched || !reachable.has(stage))) continue;
    dispatchStage(stage, shared);
  }
  // Noted last: what a stage is used for decides what is sent of a named context.
  target.paths.add('/');
  return buildContext;
}

/** The paths of the build context that any converted stage uses; none: all. */
export function contextPaths(stages: readonly StageState[]): string[] {
  return usedPaths(new Set(stages.flatMap((stage) => [...stage.contextPaths])));
}

function dispatchStage(stage: StageState, context: DispatchContext): void {
  stage.inherit();
  stage.dispatched = true;
  const hasPlatform = stage.platform !== undefined;
  stage.platform ??= { os: '', architecture: '' };
  startStage(stage, context);
  for (const command of stage.commands) {
    try {
      dispatch(stage, command, context);
    } catch (error) {
      throw withLocation(error, command.instruction.lines);
    }
  }
  // What is built on a context without a platform is for none; what is built on that, for the target's.
  if (!hasPlatform) stage.platform = context.targetPlatform;
  stage.scanContext = isScanned(stage, 'BUILDKIT_SBOM_SCAN_CONTEXT', context);
  stage.scanStage = isScanned(stage, 'BUILDKIT_SBOM_SCAN_STAGE', context);
}

/** Environment, working directory and user of the base image. */
function startStage(stage: StageState, { options }: DispatchContext): void {
  const { config } = stage.image;
  const os = stage.platform?.os ?? '';
  if (os !== 'windows' && !config.env.has('PATH')) config.env.set('PATH', defaultPathEnv(os));
  for (const [name, value] of config.env.variables()) stage.state = stage.state.addEnv(name, value);
  if (options.hostname !== '') stage.state = stage.state.withHostname(options.hostname);
  try {
    if (config.workingDir !== '') setWorkdir(stage, config.workingDir);
    if (config.user !== '') setUser(stage, config.user);
  } catch (error) {
    throw withLocation(error, stage.lines);
  }
  stage.state = stage.state.withNetwork(options.networkMode);
}

/** Scans for an SBOM are asked for by ARG: yes, no, or the names of stages. */
function isScanned(stage: StageState, arg: string, { globalArgs }: DispatchContext): boolean {
  const value = stage.buildArgs.lastGiven(arg) ?? globalArgs.get(arg);
  if (value === undefined) return false;
  return parseGoBool(value) ?? value.split(',').includes(stage.name);
}
