import type { EnvInstruction } from '../instructions/index.ts';
import { rules } from '../lint/index.ts';
import { checkSecretName } from './checks.ts';
import type { DispatchContext } from './context.ts';
import { addHistory } from './history.ts';
import type { StageState } from './stage-state.ts';

export function convertEnv(stage: StageState, instruction: EnvInstruction, context: DispatchContext): void {
  const { config } = stage.image;
  const parts = ['ENV'];
  for (const { key, value, legacy } of instruction.env) {
    if (legacy) context.lint.report(rules.legacyKeyValueFormat, instruction.lines, instruction.name);
    checkSecretName('ENV', key, instruction.lines, context.lint);
    parts.push(`${key}=${value}`);
    stage.state = stage.state.addEnv(key, value);
    config.env.set(key, value);
  }
  addHistory(stage, context, parts.join(' '), { makesLayer: false });
}
