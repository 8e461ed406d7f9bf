import { TsbuildxError } from '../../base/errors.ts';
import { parseProgressMode } from '../flags/progress-mode.ts';
import { type BakeFlagValues, bakeFlags } from './bake-flags.ts';
import { readBakeFlags } from './bake-options.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBuild } from './show-progress.ts';

export const bakeCommand: Command = defineCommand<BakeFlagValues>({
  name: 'bake',
  aliases: ['f'],
  synopsis: '[OPTIONS] [TARGET...]',
  summary: 'Build from a file',
  arity: { most: Number.POSITIVE_INFINITY },
  flags: bakeFlags,
  usesBuilder: true,
  run: runBake,
});

async function runBake(flags: BakeFlagValues, context: CommandContext): Promise<void> {
  const { options } = readBakeFlags(flags, context);
  const list = listRequest(flags);
  if (flags.print && list !== undefined) {
    throw new TsbuildxError('INVALID_ARGUMENT', '--print and --list are mutually exclusive');
  }
  const mode = parseProgressMode(flags.progress, false, process.env['BUILDKIT_PROGRESS']);
  const { bake, listBake } = await import('../../index.ts');
  const { signal } = context;
  await using display = await showBuild(mode);
  const { onEvent } = display;
  if (list !== undefined) {
    const text = await listBake(list, options, { signal, onEvent });
    await display.done();
    process.stdout.write(text);
    return;
  }
  const definition = await bake(options, { signal, onEvent });
  if (flags.print) {
    await display.done();
    process.stdout.write(`${definition.toJson()}\n`);
    return;
  }
  await display.done();
  throw new TsbuildxError('UNSUPPORTED', 'targets cannot be built yet: use docker buildx bake, or --print');
}

/** Undefined: nothing is listed. */
function listRequest(flags: BakeFlagValues): string | undefined {
  if (flags.list) return flags.list;
  if (flags['list-targets']) return 'targets';
  return flags['list-variables'] ? 'variables' : undefined;
}
