import { TsbuildxError } from '../../base/errors.ts';
import { type Instruction, parseInstruction } from '../instructions/index.ts';
import {
  DockerfileError,
  type InstructionNode,
  type LineSpan,
  parseSyntax,
  withOnlyLocation,
} from '../syntax/index.ts';
import { addDependencies, linkCommand } from './build-stages.ts';
import type { ConvertContext } from './context.ts';
import type { StageState } from './stage-state.ts';

/**
 * Puts the ONBUILD triggers of a stage's base before its own instructions. True when they need other stages or images,
 * which are then to be resolved, too.
 */
export function addTriggers(stage: StageState, context: ConvertContext): boolean {
  const triggers = takeTriggers(stage);
  if (triggers.length === 0) return false;
  try {
    return insertTriggers(stage, triggers, context);
  } catch (error) {
    throw withOnlyLocation(error, stage.lines);
  }
}

function takeTriggers(stage: StageState): string[] {
  const { config } = stage.image;
  const triggers = [...config.onBuild];
  config.onBuild = [];
  if (stage.base === undefined || stage.onbuildDone) return triggers;
  stage.onbuildDone = true;
  for (const { instruction } of stage.base.commands) {
    if (instruction.kind === 'onbuild') triggers.push(instruction.expression);
  }
  return triggers;
}

function insertTriggers(stage: StageState, triggers: readonly string[], context: ConvertContext): boolean {
  const { baseName, triggeredBy } = stage;
  // An image whose triggers lead to itself would bring them for ever.
  if (triggeredBy.includes(baseName)) {
    throw new TsbuildxError('DOCKERFILE', `the ONBUILD triggers of ${baseName} copy from ${baseName} itself`);
  }
  const chain = [...triggeredBy, baseName];
  const commands = triggers.map((trigger) => linkCommand(parseTrigger(trigger, stage.lines), context, chain));
  for (const command of commands) addDependencies(stage, command, context);
  stage.commands = [...commands, ...stage.commands];
  stage.stepTotal += commands.length;
  return commands.some(({ sources }) => sources.length > 0);
}

function parseTrigger(trigger: string, lines: LineSpan): Instruction {
  const [node, ...more] = parseSyntax(trigger).nodes;
  if (node === undefined || more.length > 0) {
    throw new TsbuildxError('DOCKERFILE', 'onbuild trigger should be a single expression');
  }
  const placed: InstructionNode = { ...node, ...lines };
  const instruction = parseInstruction(placed, undefined);
  if (instruction.kind === 'from') throw new DockerfileError('*instructions.Stage is not a command type', [lines]);
  return instruction;
}
