import { TsbuildxError } from '../../base/errors.ts';
import { parseGoBool } from '../../base/go-bool.ts';
import { goJson } from '../../base/go-json.ts';
import type { Entitlements } from '../../bake/entitlements/index.ts';
import type {
  BakeDefinition,
  BakeGraphFormat,
  BakeOptions,
  BuildMeter,
  BuildOptions,
  BuildResult,
} from '../../index.ts';
import type { ProgressMode } from '../../progress/index.ts';
import type { VertexWarning } from '../../buildkit/control/index.ts';
import type { CallFlag } from '../../values/index.ts';
import { askPassphrase } from '../ask-passphrase.ts';
import { parseProgressMode } from '../flags/progress-mode.ts';
import { type BakeFlagValues, bakeFlags } from './bake-flags.ts';
import { readBakeFlags } from './bake-options.ts';
import { metadataProvenance } from './build-options.ts';
import { writeResults } from './build-results.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { type BuildDisplay, showBuild } from './show-progress.ts';
import { traceWords } from './trace-words.ts';
import { withMeter } from './with-meter.ts';

export const bakeCommand: Command = defineCommand<BakeFlagValues>({
  name: 'bake',
  aliases: ['f'],
  synopsis: '[OPTIONS] [TARGET...]',
  summary: 'Build from a file',
  arity: { most: Number.POSITIVE_INFINITY },
  flags: bakeFlags,
  usesBuilder: true,
  run: (flags, context) => {
    const { args } = context;
    const attributes = { builder: context.builder ?? '', targets: args, files: flags.file };
    return traceWords(['bake', ...args], attributes, () => runBake(flags, context));
  },
});

async function runBake(flags: BakeFlagValues, context: CommandContext): Promise<void> {
  const { options, allowed, call } = await readBakeFlags(flags, context);
  const list = listRequest(flags);
  if (flags.print && list !== undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', '--print and --list are mutually exclusive');
  }
  const graph = graphFormat(flags);
  const isShown = flags.print || graph !== undefined;
  const mode = parseProgressMode(flags.progress, false, process.env['BUILDKIT_PROGRESS']);
  const { announceBuilder, bake, listBake } = await import('../../index.ts');
  const { signal } = context;
  await using display = await showBuild(mode);
  const { onEvent } = display;
  if (list !== undefined) {
    const text = await listBake(list, options, { signal, onEvent });
    await display.done();
    process.stdout.write(text);
    return;
  }
  const meter = context.meter?.({ command: 'bake', builder: context.builder ?? '', identity: identityOf(options) });
  if (!isShown || options.remote !== undefined) {
    await announceBuilder(options, (event) => {
      meter?.note(event);
      return onEvent(event);
    });
  }
  const definition = await bake(options, { signal, onEvent, askPassphrase });
  if (isShown) {
    await display.done();
    process.stdout.write(graph === undefined ? `${definition.toJson()}\n` : definition.toGraph(graph));
    return;
  }
  await buildAll(definition, {
    flags,
    mode,
    call,
    signal,
    display,
    allowed,
    asked: options.targets ?? [],
    isRemote: options.remote !== undefined,
    meter,
  });
}

/** What tells this command line from others; the order of files and targets does not. */
function identityOf({ targets = [], remote = '', commandContext = process.cwd(), files = [] }: BakeOptions): string[] {
  const asked = targets.length > 0 ? targets : ['default'];
  return [remote, commandContext, files.toSorted().join(), asked.toSorted().join()];
}

interface BuildAllContext {
  readonly flags: BakeFlagValues;
  readonly mode: ProgressMode;
  readonly call: CallFlag | undefined;
  readonly signal: AbortSignal;
  readonly display: BuildDisplay;
  readonly allowed: Entitlements;
  readonly asked: readonly string[];
  /** Whether definitions are of a repository or a web server. */
  readonly isRemote: boolean;
  readonly meter: BuildMeter | undefined;
}

async function buildAll(definition: BakeDefinition, context: BuildAllContext): Promise<void> {
  const { flags, mode, call, signal, asked } = context;
  const { buildTargets, callTargets } = await import('../../index.ts');
  const { builtTargets, printCalls, printCallsAsJson, targetCalls } = await import('./bake-calls.ts');
  const calls = targetCalls(definition, call);
  const { display, mayDelete } = await withPrivileges(definition, context);
  const provenance = flags['metadata-file'] ? metadataProvenance(process.env) : 'disabled';
  const builds = new Map<string, BuildOptions>();
  for (const [name, options] of builtTargets(definition, calls)) {
    const allow = mayDelete ? [...(options.allow ?? []), 'buildx.local.delete'] : options.allow;
    builds.set(name, { ...options, allow, metadataProvenance: provenance });
  }
  await using shown = display;
  const { onEvent } = shown;
  const names = asked.length > 0 ? asked : ['default'];
  const results = await withMeter(context.meter, onEvent, (told) =>
    buildTargets(builds, { signal, onEvent: told, askPassphrase, asked: names }),
  );
  const answers = await callTargets(definition.builds, calls, { signal, onEvent, askPassphrase });
  const warnings = await shown.done();
  await writeMetadata(flags['metadata-file'], results, call === undefined ? warnings : []);
  if (calls.size > 0) {
    const print = call?.format === 'json' ? printCallsAsJson : printCalls;
    const exitCode = print(definition, answers, calls);
    if (exitCode !== 0) process.exitCode = exitCode;
  }
  if (mode !== 'quiet') printMessages(results);
}

/** Asks for what builds need and nobody allowed. The display ends before the question. */
async function withPrivileges(
  definition: BakeDefinition,
  { allowed, mode, display, isRemote, signal }: BuildAllContext,
): Promise<{ readonly display: BuildDisplay; readonly mayDelete: boolean }> {
  const { missingPrivileges } = await import('../../index.ts');
  const request = missingPrivileges(definition, allowed);
  if (request === undefined) return { display, mayDelete: allowed.localDelete };
  const deletes = request.serious.some(({ flag }) => flag === 'buildx.local.delete');
  if (mode === 'rawjson') {
    if (!deletes) return { display, mayDelete: allowed.localDelete };
    const message = 'additional privileges requested: pass "--allow=buildx.local.delete" to grant requested privileges';
    throw new TsbuildxError('INVALID_ARGUMENT', message);
  }
  await display.done();
  const { askPrivileges } = await import('./ask-privileges.ts');
  await askPrivileges(request, { isRemote, signal });
  return { display: await showBuild(mode), mayDelete: deletes || allowed.localDelete };
}

async function writeMetadata(
  file: string | undefined,
  results: ReadonlyMap<string, BuildResult>,
  warnings: readonly VertexWarning[],
): Promise<void> {
  if (!file) return;
  const { metadataOf } = await import('../../index.ts');
  const metadata: Record<string, unknown> = {};
  if (warnings.length > 0 && parseGoBool(process.env['BUILDX_METADATA_WARNINGS'] ?? '') === true) {
    const { warningJson } = await import('../../progress/index.ts');
    metadata['buildx.build.warnings'] = warnings.map((warning): unknown => JSON.parse(goJson(warningJson(warning))));
  }
  for (const [name, result] of results) metadata[name] = metadataOf(result);
  const sorted = Object.fromEntries(Object.entries(metadata).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeResults({
    id: '',
    metadata: sorted,
    message: undefined,
    iidfile: undefined,
    metadataFile: file,
    printsId: false,
  });
}

/** What frontends have to say beside their results. */
function printMessages(results: ReadonlyMap<string, BuildResult>): void {
  for (const [name, { exporterResponse }] of [...results].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const message = exporterResponse['frontend.result.inlinemessage'];
    if (message !== undefined) process.stdout.write(`\n# ${name}\n${message}\n`);
  }
}

/** Undefined: nothing is listed. */
function listRequest(flags: BakeFlagValues): string | undefined {
  if (flags.list) return flags.list;
  if (flags['list-targets']) return 'targets';
  return flags['list-variables'] ? 'variables' : undefined;
}

/** Undefined: no graph is printed. Throws INVALID_ARGUMENT. */
function graphFormat(flags: BakeFlagValues): BakeGraphFormat | undefined {
  const { graph } = flags;
  if (graph === undefined) return undefined;
  if (flags.print || listRequest(flags) !== undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', '--graph and --print or --list are mutually exclusive');
  }
  if (graph === 'dot' || graph === 'json' || graph === 'mermaid') return graph;
  throw new TsbuildxError('INVALID_ARGUMENT', `invalid --graph ${JSON.stringify(graph)}: use dot, json or mermaid`);
}
