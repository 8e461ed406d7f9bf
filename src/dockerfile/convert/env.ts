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
    setEnv(config.env, key, value);
  }
  addHistory(stage, context, parts.join(' '), { makesLayer: false });
}

/** In the image config a variable keeps its place. */
function setEnv(env: string[], key: string, value: string): void {
  const entry = `${key}=${value}`;
  const start = `${key}=`;
  const index = env.findIndex((other) => other.startsWith(start) || other === key);
  if (index < 0) env.push(entry);
  else env[index] = entry;
}

/** Name and value of `NAME=value`; without `=` the value is empty. */
export function splitEnv(entry: string): readonly [string, string] {
  const eq = entry.indexOf('=');
  return eq < 0 ? [entry, ''] : [entry.slice(0, eq), entry.slice(eq + 1)];
}
