// Matches EntitlementConf.Prompt of buildx bake/entitlements.go.
import { createInterface } from 'node:readline';
import { TsbuildxError } from '../../base/errors.ts';
import { type EntitlementRequest, fileChecks, requestText } from '../../bake/entitlements/index.ts';

/**
 * Asks the user to allow what builds do, and tells it also where nobody has to. Errors: INVALID_ARGUMENT when that is refused, or
 * nobody can answer.
 */
export async function askPrivileges(
  request: EntitlementRequest,
  { isRemote, signal }: { readonly isRemote: boolean; readonly signal: AbortSignal },
): Promise<void> {
  const { env, stdin } = process;
  const [, , ...args] = process.argv;
  const words = [env['DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND'] || process.argv0, ...args];
  const isInteractive = stdin.isTTY;
  process.stderr.write(requestText(request, { words, isInteractive }));
  const checks = fileChecks(env, isRemote);
  if (!checks.isOn && request.serious.length === 0) return;
  if (request.files.length > 0) process.stderr.write(checks.advice);
  if (isInteractive && (await saysYes(signal))) return;
  throw new TsbuildxError('INVALID_ARGUMENT', 'additional privileges requested');
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
  return answer.toLowerCase() === 'y';
}
