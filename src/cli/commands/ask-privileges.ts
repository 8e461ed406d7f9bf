// Matches EntitlementConf.Prompt of buildx bake/entitlements.go.
import { createInterface } from 'node:readline';
import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goQuote } from '../../base/go-quote.ts';
import { type EntitlementRequest, requestText } from '../../bake/entitlements/index.ts';

const filesVariable = 'BUILDX_BAKE_ENTITLEMENTS_FS';

/** Asks the user to allow what builds do. Errors: INVALID_ARGUMENT when that is refused, or nobody can answer. */
export async function askPrivileges(request: EntitlementRequest, signal: AbortSignal): Promise<void> {
  const { env, stdin } = process;
  const switched = env[filesVariable];
  const filesChecked = switched === undefined || readSwitch(switched);
  if (!filesChecked && request.serious.length === 0) return;
  const [, , ...args] = process.argv;
  const words = [env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] || process.argv0, ...args];
  const isInteractive = stdin.isTTY;
  process.stderr.write(
    requestText(request, { words, isInteractive, filesChecked, knowsSwitch: switched !== undefined }),
  );
  if (isInteractive && (await saysYes(signal))) return;
  throw new TsbuildxError('INVALID_ARGUMENT', 'additional privileges requested');
}

function readSwitch(text: string): boolean {
  const parsed = parseGoBool(text);
  if (parsed !== undefined) return parsed;
  const why = `strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`;
  throw new TsbuildxError('INVALID_ARGUMENT', `failed to parse ${filesVariable} value ${goQuote(text)}: ${why}`);
}

async function saysYes(signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr, terminal: false });
  process.stderr.write('Do you want to grant requested privileges and continue? [y/N] ');
  const answer = await new Promise<string>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(''));
    signal.addEventListener('abort', () => resolve(''), { once: true });
  });
  lines.close();
  return answer.trim().toLowerCase() === 'y';
}
