// Matches composeEnv of buildx bake/compose.go.
import { loadEnvFile } from './compose/dotenv.ts';
import { substitution } from './compose/setting.ts';
import type { BakeSetting } from './setting.ts';

/** The environment of compose files: that of the process, what `.env` adds, and over all what the user gives. */
export function composeEnvironment(setting: BakeSetting): Map<string, string> {
  const files = setting.envFiles ?? (setting.files.kindOf('.env') === 'file' ? ['.env'] : []);
  return new Map([...readEnvFiles(files, setting), ...setting.env, ...setting.variables]);
}

/** The variables of env files; a later file goes before an earlier one. Errors: INVALID_ARGUMENT, IO. */
export function readEnvFiles(names: readonly string[], setting: BakeSetting): Map<string, string> {
  const values = new Map<string, string>();
  for (const name of names) {
    loadEnvFile(name, values, { ...substitution(setting.env, setting), files: setting.files });
  }
  return values;
}
