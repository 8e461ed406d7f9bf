// Matches composeEnv of buildx bake/compose.go.
import { loadEnvFile, parseEnvFile } from './compose/dotenv.ts';
import { substitution } from './compose/setting.ts';
import type { BakeSetting } from './setting.ts';

/** The environment of compose files: that of the process, what `.env` adds, and over all what the user gives. */
export function composeEnvironment(setting: BakeSetting): Map<string, string> {
  const fromFiles =
    setting.envFiles === undefined ? readStandardFile(setting) : readEnvFiles(setting.envFiles, setting);
  return new Map([...fromFiles, ...setting.env, ...setting.variables]);
}

const standardFile = '.env';

/** Faults of it are told without its name, as buildx does. */
function readStandardFile(setting: BakeSetting): Map<string, string> {
  const values = new Map<string, string>();
  if (setting.files.kindOf(standardFile) !== 'file') return values;
  parseEnvFile(new TextDecoder().decode(setting.files.read(standardFile)), values, substitution(setting.env, setting));
  return values;
}

/** The variables of env files; a later file goes before an earlier one. Errors: INVALID_ARGUMENT, IO. */
export function readEnvFiles(names: readonly string[], setting: BakeSetting): Map<string, string> {
  const values = new Map<string, string>();
  for (const name of names) {
    loadEnvFile(name, values, { ...substitution(setting.env, setting), files: setting.files });
  }
  return values;
}
