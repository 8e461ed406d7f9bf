import type { ArgInstruction } from '../instructions/index.ts';
import { buildArg } from './args.ts';
import { buildOnlyArgs, checkSecretName, checkVariables } from './checks.ts';
import type { DispatchContext } from './context.ts';
import { expandTelling } from './expand-word.ts';
import { addHistory } from './history.ts';
import type { StageState } from './stage-state.ts';

/** The value is the build argument's, else the default here, else that of the ARG before the first FROM. */
export function convertArg(stage: StageState, instruction: ArgInstruction, context: DispatchContext): void {
  const parts: string[] = [];
  const { lines } = instruction;
  const { args: declared, used } = stage.parameters;
  for (const { key, value: definition, docComment: description } of instruction.args) {
    checkSecretName('ARG', key, lines, context.lint);
    let value = buildArg(context.buildArgs, key);
    if (value === undefined && definition !== undefined) {
      const { env } = stage.state;
      const tell = (unmatched: ReadonlySet<string>): void =>
        checkVariables(unmatched, stage.buildArgs, env, lines, context.lint);
      value = expandTelling(definition, env, context.lex, tell).result;
    }
    used.add(key);
    const inherited = value === undefined ? context.globalArgs.get(key) : undefined;
    if (inherited === undefined) declared.set(key, { name: key, description, value, lines, uses: new Set() });
    value ??= inherited;
    if (value !== undefined && !buildOnlyArgs.has(key)) stage.state = stage.state.addEnv(key, value);
    stage.buildArgs.declare(key, value);
    parts.push(value === undefined ? key : `${key}=${value}`);
  }
  addHistory(stage, context, `ARG ${parts.join(' ')}`, { makesLayer: false });
}
