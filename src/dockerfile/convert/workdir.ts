import type { WorkdirInstruction } from '../instructions/index.ts';
import { customName, parseOwner } from '../../llb/index.ts';
import { rules } from '../lint/index.ts';
import type { DispatchContext } from './context.ts';
import { addHistory } from './history.ts';
import { sourceLocation } from './locations.ts';
import type { StageState } from './stage-state.ts';
import { displayCommand, nextStepName } from './step-name.ts';
import { isAbsoluteIn, normalizeWorkdir, prefixed, toSlash } from './system-path.ts';

export function convertWorkdir(stage: StageState, instruction: WorkdirInstruction, context: DispatchContext): void {
  const os = stage.platform?.os ?? '';
  if (!stage.workdirSet && !isAbsoluteIn(instruction.path, os)) {
    context.lint.report(rules.workdirRelativePath, instruction.lines, instruction.path);
  }
  stage.workdirSet = true;
  const dir = setWorkdir(stage, instruction.path);
  const makesLayer = dir !== '/';
  if (makesLayer) makeDirectory(stage, dir, instruction, context);
  addHistory(stage, context, `WORKDIR ${dir}`, { makesLayer });
}

/** Changes the working directory of what follows and of the image; gives it with slashes. */
export function setWorkdir(stage: StageState, path: string): string {
  const os = stage.platform?.os ?? '';
  const { config } = stage.image;
  config.workingDir = prefixed('normalizing workdir', () => normalizeWorkdir(config.workingDir, path, os));
  const dir = toSlash(config.workingDir, os);
  stage.state = stage.state.withDir(dir);
  return dir;
}

function makeDirectory(
  stage: StageState,
  dir: string,
  instruction: WorkdirInstruction,
  context: DispatchContext,
): void {
  const { user } = stage.image.config;
  const { env } = stage.state;
  const command = displayCommand(instruction.code, env, context.lex);
  stage.state = stage.state.file(
    [
      {
        kind: 'mkdir',
        path: dir,
        mode: 0o755,
        makeParents: true,
        owner: user === '' ? undefined : parseOwner(user),
        timestamp: context.epoch === undefined ? undefined : context.epoch * 1_000_000_000n,
      },
    ],
    {
      platform: stage.platform,
      description: { [customName]: nextStepName(stage, command, stage.platform ?? context.targetPlatform, env) },
      locations: [sourceLocation(context, instruction.lines)],
    },
  );
}
