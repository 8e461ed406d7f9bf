import { TsbuildxError } from '../../base/errors.ts';
import { type BuildOptions, call, type CallResult, metadataOf } from '../../build/index.ts';
import type { ProgressMode } from '../../progress/index.ts';
import { askPassphrase } from '../ask-passphrase.ts';
import type { BuildFlagValues } from './build-flags.ts';
import { writeResults } from './build-results.ts';
import { showBuild } from './show-progress.ts';
import type { CallFlag } from '../../values/index.ts';

interface CallContext {
  readonly flags: BuildFlagValues;
  readonly mode: ProgressMode;
  readonly signal: AbortSignal;
}

/** Runs `build --call`: shows the answer, and sets the exit code to what a check found. */
export async function runCall(request: CallFlag, options: BuildOptions, context: CallContext): Promise<void> {
  const { flags } = context;
  const { response, text, error, status } = await callWhileShown(request, options, context);
  await writeResults({
    id: '',
    metadata: callMetadata(response),
    message: undefined,
    iidfile: flags.iidfile,
    metadataFile: flags['metadata-file'],
    printsId: false,
  });
  process.stdout.write(text);
  if (error !== undefined) throw new TsbuildxError('DOCKERFILE', error);
  if (status !== 0 && !request.ignoresStatus) process.exitCode = status;
}

async function callWhileShown(
  request: CallFlag,
  options: BuildOptions,
  { mode, signal }: CallContext,
): Promise<CallResult> {
  await using display = await showBuild(mode);
  return await call(options, request, { signal, onEvent: display.onEvent, askPassphrase });
}

/** `result.json` stands as what it is, the rest as in any metadata file. */
function callMetadata(response: CallResult['response']): Readonly<Record<string, unknown>> {
  const { 'result.json': json, ...rest } = response;
  const metadata = metadataOf({ ref: '', exporterResponse: rest, warnings: [] });
  return json === undefined ? metadata : { 'result.json': JSON.parse(json), ...metadata };
}
