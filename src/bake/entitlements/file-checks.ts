// Matches the variables of buildx bake/entitlements.go EntitlementConf.Prompt.
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';

const remoteVariable = 'BAKE_ALLOW_REMOTE_FS_ACCESS';
const filesVariable = 'BUILDX_BAKE_ENTITLEMENTS_FS';

/** Whether builds may not touch files of this machine that nobody allowed, and what to tell who is not aware of that. */
export interface FileChecks {
  readonly isOn: boolean;
  /** Empty: they are turned on or off by the user, or there is nothing to turn off. */
  readonly advice: string;
}

/** @param isRemote whether definitions are of a repository or a web server. Throws INVALID_ARGUMENT. */
export function fileChecks(env: Readonly<Record<string, string | undefined>>, isRemote: boolean): FileChecks {
  const remote = isRemote ? readSwitch(env, remoteVariable) : undefined;
  const files = readSwitch(env, filesVariable);
  const isOn = files ?? remote !== true;
  const advice = `To disable filesystem entitlements checks, you can set ${filesVariable}=0 .\n\n`;
  return { isOn, advice: isOn && files === undefined ? advice : '' };
}

/** Undefined: it is not set. */
function readSwitch(env: Readonly<Record<string, string | undefined>>, name: string): boolean | undefined {
  const text = env[name];
  if (text === undefined) return undefined;
  const parsed = parseGoBool(text);
  if (parsed !== undefined) return parsed;
  const why = `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`;
  throw new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${name} value ${goQuote(text)}: ${why}`);
}
