// Instructions that only change the image config.
import { goQuote } from '../../base/go-quote.ts';
import { TsbuildxError } from '../../base/errors.ts';
import type {
  CmdInstruction,
  EntrypointInstruction,
  HealthcheckInstruction,
  LabelInstruction,
  MaintainerInstruction,
  OnbuildInstruction,
  ShellInstruction,
  StopsignalInstruction,
  UserInstruction,
  VolumeInstruction,
} from '../instructions/index.ts';
import { rules } from '../lint/index.ts';
import { checkUsedOnce } from './checks.ts';
import type { DispatchContext } from './context.ts';
import { formatDuration } from './duration.ts';
import { addHistory } from './history.ts';
import { withShell } from './shell-form.ts';
import { isSignal } from './signal.ts';
import type { StageState } from './stage-state.ts';

const noLayer = { makesLayer: false };

export function convertMaintainer(
  stage: StageState,
  { maintainer }: MaintainerInstruction,
  context: DispatchContext,
): void {
  stage.image.author = maintainer;
  addHistory(stage, context, `MAINTAINER ${maintainer}`, noLayer);
}

export function convertLabel(stage: StageState, instruction: LabelInstruction, context: DispatchContext): void {
  const { config } = stage.image;
  const parts = ['LABEL'];
  for (const { key, value, legacy } of instruction.labels) {
    if (legacy) context.lint.report(rules.legacyKeyValueFormat, instruction.lines, instruction.name);
    config.labels.set(key, value);
    parts.push(`${key}=${value}`);
  }
  addHistory(stage, context, parts.join(' '), noLayer);
}

export function convertOnbuild(stage: StageState, { expression }: OnbuildInstruction): void {
  stage.image.config.onBuild.push(expression);
}

export function convertCmd(stage: StageState, instruction: CmdInstruction, context: DispatchContext): void {
  const { config } = stage.image;
  checkUsedOnce(stage, 'cmd', instruction.name, instruction.lines, context.lint);
  config.cmd = commandLine(stage, instruction, context);
  config.argsEscaped = true;
  addHistory(stage, context, `CMD ${quotedList(config.cmd)}`, noLayer);
}

export function convertEntrypoint(
  stage: StageState,
  instruction: EntrypointInstruction,
  context: DispatchContext,
): void {
  const { config } = stage.image;
  checkUsedOnce(stage, 'entrypoint', instruction.name, instruction.lines, context.lint);
  config.entrypoint = commandLine(stage, instruction, context);
  // A CMD of the base image was meant for the base's entrypoint.
  if (!stage.lastUse.has('cmd')) config.cmd = [];
  addHistory(stage, context, `ENTRYPOINT ${quotedList(config.entrypoint)}`, noLayer);
}

export function convertHealthcheck(
  stage: StageState,
  instruction: HealthcheckInstruction,
  context: DispatchContext,
): void {
  const { health } = instruction;
  checkUsedOnce(stage, 'healthcheck', instruction.name, instruction.lines, context.lint);
  stage.image.config.healthcheck = health;
  const fields = [
    `Test:[${health.test.join(' ')}]`,
    `Interval:${formatDuration(health.interval)}`,
    `Timeout:${formatDuration(health.timeout)}`,
    `StartPeriod:${formatDuration(health.startPeriod)}`,
    `StartInterval:${formatDuration(health.startInterval)}`,
    `Retries:${health.retries}`,
  ];
  addHistory(stage, context, `HEALTHCHECK {${fields.join(' ')}}`, noLayer);
}

export function convertUser(stage: StageState, { user }: UserInstruction, context: DispatchContext): void {
  setUser(stage, user);
  addHistory(stage, context, `USER ${user}`, noLayer);
}

/** The user of what follows and of the image. */
export function setUser(stage: StageState, user: string): void {
  stage.state = stage.state.withUser(user);
  stage.image.config.user = user;
}

export function convertVolume(stage: StageState, { volumes }: VolumeInstruction, context: DispatchContext): void {
  const { config } = stage.image;
  if (volumes.includes('')) throw new TsbuildxError('DOCKERFILE', 'VOLUME specified can not be an empty string');
  for (const volume of volumes) config.volumes.add(volume);
  addHistory(stage, context, `VOLUME [${volumes.join(' ')}]`, noLayer);
}

export function convertStopsignal(
  stage: StageState,
  { signal }: StopsignalInstruction,
  context: DispatchContext,
): void {
  if (!isSignal(signal)) throw new TsbuildxError('DOCKERFILE', `invalid signal: ${signal}`);
  stage.image.config.stopSignal = signal;
  addHistory(stage, context, `STOPSIGNAL ${signal}`, noLayer);
}

export function convertShell(stage: StageState, { shell }: ShellInstruction, context: DispatchContext): void {
  stage.image.config.shell = shell;
  addHistory(stage, context, `SHELL [${shell.join(' ')}]`, noLayer);
}

function commandLine(
  stage: StageState,
  instruction: CmdInstruction | EntrypointInstruction,
  context: DispatchContext,
): readonly string[] {
  if (!instruction.prependShell) return instruction.command;
  if (stage.image.config.shell.length === 0) {
    context.lint.report(rules.jsonArgsRecommended, instruction.lines, instruction.name);
  }
  return withShell(stage.image, instruction.command);
}

/** Go's `%q` of a list. */
function quotedList(list: readonly string[]): string {
  return `[${list.map(goQuote).join(' ')}]`;
}
