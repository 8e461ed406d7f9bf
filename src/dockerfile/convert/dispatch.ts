import { assertNever } from '../../base/errors.ts';
import { expandContents, expandInstruction, type Instruction } from '../instructions/index.ts';
import type { LexOptions } from '../shell/index.ts';
import { convertArg } from './arg.ts';
import { checkVariables } from './checks.ts';
import {
  convertCmd,
  convertEntrypoint,
  convertHealthcheck,
  convertLabel,
  convertMaintainer,
  convertOnbuild,
  convertShell,
  convertStopsignal,
  convertUser,
  convertVolume,
} from './config-instructions.ts';
import type { DispatchContext } from './context.ts';
import { convertCopy, requireDispatched } from './copy.ts';
import { convertEnv } from './env.ts';
import { expandTelling } from './expand-word.ts';
import { convertExpose } from './expose.ts';
import { convertRun } from './run.ts';
import type { StageCommand, StageState } from './stage-state.ts';
import { convertWorkdir } from './workdir.ts';

/** Converts one instruction: variables first, then what it does to the stage. */
export function dispatch(stage: StageState, command: StageCommand, shared: DispatchContext): void {
  const lint = shared.lint.withComments(command.instruction.comments);
  const context = lint === shared.lint ? shared : { ...shared, lint };
  stage.isOnbuildStep = command.isOnbuild;
  const instruction = expandVariables(stage, command.instruction, context);
  switch (instruction.kind) {
    case 'maintainer':
      return convertMaintainer(stage, instruction, context);
    case 'env':
      return convertEnv(stage, instruction, context);
    case 'run':
      return convertRun(stage, instruction, command, context);
    case 'workdir':
      return convertWorkdir(stage, instruction, context);
    case 'add':
      return convertCopy(stage, instruction, undefined, context);
    case 'copy': {
      const [from] = command.sources;
      requireDispatched(from, instruction.from, stage);
      return convertCopy(stage, instruction, from, context);
    }
    case 'label':
      return convertLabel(stage, instruction, context);
    case 'onbuild':
      return convertOnbuild(stage, instruction);
    case 'cmd':
      return convertCmd(stage, instruction, context);
    case 'entrypoint':
      return convertEntrypoint(stage, instruction, context);
    case 'healthcheck':
      return convertHealthcheck(stage, instruction, context);
    case 'expose':
      return convertExpose(stage, instruction, context);
    case 'user':
      return convertUser(stage, instruction, context);
    case 'volume':
      return convertVolume(stage, instruction, context);
    case 'stopsignal':
      return convertStopsignal(stage, instruction, context);
    case 'shell':
      return convertShell(stage, instruction, context);
    case 'arg':
      return convertArg(stage, instruction, context);
    default:
      return assertNever(instruction);
  }
}

function expandVariables(stage: StageState, instruction: Instruction, context: DispatchContext): Instruction {
  // The value of an ARG may not be needed at all, so an error in it must wait.
  if (instruction.kind === 'arg') return instruction;
  const expander = (lex: LexOptions) => (word: string) => {
    const { env } = stage.state;
    const tell = (unmatched: ReadonlySet<string>): void =>
      checkVariables(unmatched, stage.buildArgs, env, instruction.lines, context.lint);
    return expandTelling(word, env, lex, tell).result;
  };
  const expanded = expandInstruction(instruction, expander(context.lex));
  if (expanded.kind !== 'add' && expanded.kind !== 'copy') return expanded;
  if (expanded.contents.length === 0) return expanded;
  const contents = expandContents(expanded.contents, expander({ escapeToken: '\\', skipProcessQuotes: true }));
  return { ...expanded, contents };
}
