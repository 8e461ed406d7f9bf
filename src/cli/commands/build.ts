import { existsSync } from 'node:fs';
import { rmdir, unlink } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goJson } from '../../base/go-json.ts';
import { systemErrorCode } from '../../base/system-error.ts';
import type { VertexWarning } from '../../buildkit/control/index.ts';
import type { BuildOptions, BuildResult, EventReader } from '../../index.ts';
import { askPassphrase } from '../ask-passphrase.ts';
import { parseProgressMode } from '../flags/progress-mode.ts';
import type { ProgressMode } from '../../progress/index.ts';
import { type BuildFlagValues, buildFlags } from './build-flags.ts';
import { readBuildFlags, resolveBuild } from './build-options.ts';
import { writeResults } from './build-results.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBuild } from './show-progress.ts';
import { traceWords } from './trace-words.ts';
import { withMeter } from './with-meter.ts';

export const buildCommand: Command = defineCommand<BuildFlagValues>({
  name: 'build',
  aliases: ['b'],
  synopsis: '[OPTIONS] PATH | URL | -',
  summary: 'Start a build',
  shownAliases: 'docker build, docker builder build, docker image build, docker buildx b',
  arity: 1,
  flags: buildFlags,
  usesBuilder: true,
  run: (flags, context) => {
    const [path = ''] = context.args;
    const attributes = { builder: context.builder ?? '', context: path, dockerfile: flags.file ?? '' };
    return traceWords(['build', path], attributes, () => runBuild(flags, context));
  },
});

async function runBuild(flags: BuildFlagValues, context: CommandContext): Promise<void> {
  const read = await readBuildFlags(flags, context);
  const mode = parseProgressMode(flags.progress, flags.quiet, process.env['BUILDKIT_PROGRESS']);
  // a file of an earlier build must not be taken for the result of this one
  if (flags.iidfile) await removeStale(flags.iidfile);
  // what the public API exports, without the parts of it that a build does not need
  const { build, imageIdOf, metadataOf } = await import('../../build/index.ts');
  const options = await withPrefix(() => resolveBuild(read, context.args[0] ?? ''));
  if (read.call !== undefined) {
    const { runCall } = await import('./run-call.ts');
    return await runCall(read.call, options, { flags, mode, signal: context.signal });
  }
  const { builder = '', args, signal, meter } = context;
  const identity = [flags.target ?? '', contextIdentity(args[0] ?? ''), flags.file || 'Dockerfile'];
  const measuring = meter?.({ command: 'build', builder, identity });
  const { result, warnings } = await showWhile(mode, flags['log-dir'], (onEvent) =>
    withMeter(measuring, onEvent, (told) => build(options, { signal, onEvent: told, askPassphrase })),
  );
  await writeResults({
    id: imageIdOf(result) ?? '',
    metadata: { ...metadataOf(result), ...(await warningMetadata(warnings)) },
    message: result.exporterResponse['frontend.result.inlinemessage'],
    iidfile: flags.iidfile,
    metadataFile: flags['metadata-file'],
    printsId: mode === 'quiet' && !writesToStdout(options),
  });
}

/** A directory whatever it is called, or what is no directory. */
function contextIdentity(word: string): string {
  return word !== '-' && existsSync(word) ? resolve(word) : word;
}

/** Whether an output goes to standard output: nothing else may stand there then. */
function writesToStdout({ outputs = [] }: BuildOptions): boolean {
  return outputs.some(({ dest }) => dest?.kind === 'stream');
}

interface Outcome {
  readonly result: BuildResult;
  readonly warnings: readonly VertexWarning[];
}

async function showWhile(
  mode: ProgressMode,
  logDir: string | undefined,
  work: (onEvent: EventReader) => Promise<BuildResult>,
): Promise<Outcome> {
  await using display = await showBuild(mode, logDir);
  const result = await work(display.onEvent);
  return { result, warnings: await display.done() };
}

/** The warnings for the metadata file, where the environment asks for them. */
async function warningMetadata(warnings: readonly VertexWarning[]): Promise<Readonly<Record<string, unknown>>> {
  if (warnings.length === 0 || parseGoBool(process.env['BUILDX_METADATA_WARNINGS'] ?? '') !== true) return {};
  const { warningJson } = await import('../../progress/index.ts');
  return { 'buildx.build.warnings': warnings.map((warning): unknown => JSON.parse(goJson(warningJson(warning)))) };
}

/** As Go's os.Remove: a file, or an empty directory. */
async function removeStale(path: string): Promise<void> {
  try {
    await unlink(path).catch(async (error: unknown) => {
      if (systemErrorCode(error) === 'ENOENT') return;
      await rmdir(path).catch((other: unknown) => {
        throw systemErrorCode(other) === 'ENOTDIR' ? error : other;
      });
    });
  } catch (error) {
    const why = messageOf(error).replace(/^(rmdir|unlink) /, 'remove ');
    throw new TsbuildxError('IO', `removing image ID file: ${why}`, { cause: error });
  }
}

/** Failures of what the build is made from begin as those of the build itself do. */
async function withPrefix<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof TsbuildxError ? error.code : 'IO';
    throw new TsbuildxError(code, `failed to build: ${messageOf(error)}`, { cause: error });
  }
}
