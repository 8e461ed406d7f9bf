import { readFile } from 'node:fs/promises';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import type { Annotation, CreatedImage, CreateImageOptions } from '../../index.ts';
import type { ProgressMode } from '../../progress/index.ts';
import { parseAnnotations } from '../../values/index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { parseProgressMode } from '../flags/progress-mode.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBuild } from './show-progress.ts';

interface CreateFlagValues {
  readonly annotation: readonly string[];
  readonly append: boolean;
  readonly 'dry-run': boolean;
  readonly file: readonly string[];
  readonly 'metadata-file': string | undefined;
  readonly platform: readonly string[];
  readonly 'prefer-index': boolean;
  readonly progress: string;
  readonly tag: readonly string[];
}

const flags: FlagsFor<CreateFlagValues> = {
  annotation: { kind: 'array', usage: 'Add annotation to the image' },
  append: { kind: 'bool', usage: 'Append to existing manifest' },
  'dry-run': { kind: 'bool', usage: 'Show final image instead of pushing' },
  file: { kind: 'array', short: 'f', usage: 'Read source descriptor from file' },
  'metadata-file': { kind: 'string', usage: 'Write create result metadata to a file' },
  platform: { kind: 'array', short: 'p', usage: 'Filter specified platforms of target image' },
  'prefer-index': {
    kind: 'bool',
    default: true,
    shownDefault: 'true',
    usage:
      'When only a single source is specified, prefer outputting an image index or manifest list instead of performing a carbon copy',
  },
  progress: {
    kind: 'string',
    default: 'auto',
    usage:
      'Set type of progress output ("auto", "none", "plain", "rawjson", "tty"). Use plain to show container output',
  },
  tag: { kind: 'array', short: 't', usage: 'Set reference for new image' },
};

export const imagetoolsCreateCommand: Command = defineCommand<CreateFlagValues>({
  name: 'create',
  aliases: [],
  synopsis: '[OPTIONS] [SOURCE...]',
  summary: 'Create a new image based on source images',
  arity: { most: Number.POSITIVE_INFINITY },
  flags,
  usesBuilder: true,
  run: runCreate,
});

async function runCreate(values: CreateFlagValues, context: CommandContext): Promise<void> {
  const { args, builder, invocation } = context;
  const mode = parseProgressMode(values.progress, false, process.env['BUILDKIT_PROGRESS']);
  const files = await Promise.all(values.file.map((path) => readFile(path, 'utf8')));
  const options: CreateImageOptions = {
    builder,
    docker: invocation.docker,
    sources: [...files, ...args],
    tags: values.tag,
    append: values.append,
    platforms: values.platform,
    annotations: readAnnotations(values.annotation),
    preferIndex: values['prefer-index'],
    dryRun: values['dry-run'],
  };
  const created = await createShowing(options, mode, context.signal);
  if (options.dryRun) process.stdout.write(`${Buffer.from(created.bytes).toString()}\n`);
  else if (values['metadata-file']) await writeMetadata(values['metadata-file'], created);
}

/** As `build` reads them; told in other words. */
function readAnnotations(texts: readonly string[]): readonly Annotation[] {
  try {
    return parseAnnotations(texts);
  } catch (error) {
    throw new TsbuildxError('INVALID_ARGUMENT', `failed to ${messageOf(error)}`, { cause: error });
  }
}

async function createShowing(
  options: CreateImageOptions,
  mode: ProgressMode,
  signal: AbortSignal,
): Promise<CreatedImage> {
  const { createImage } = await import('../../index.ts');
  await using display = await showBuild(mode === 'none' ? 'quiet' : mode);
  const { onEvent } = display;
  const created = await createImage(options, {
    signal,
    onStatus: (status) => onEvent({ kind: 'status', status }),
    onWarning: (message) => onEvent({ kind: 'warning', message }),
  });
  await display.done();
  return created;
}

async function writeMetadata(path: string, { descriptor, repositories }: CreatedImage): Promise<void> {
  const [{ writeAtomically }, { descriptorText }] = await Promise.all([
    import('./build-results.ts'),
    import('../output/image-format.ts'),
  ]);
  await writeAtomically(path, descriptorText(descriptor, repositories));
}
