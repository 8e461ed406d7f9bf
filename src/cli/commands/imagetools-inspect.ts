import { TsbuildxError } from '../../base/errors.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface InspectFlagValues {
  readonly format: string | undefined;
  readonly raw: boolean;
}

const flags: FlagsFor<InspectFlagValues> = {
  format: { kind: 'string', usage: 'Format the output using the given Go template' },
  raw: { kind: 'bool', usage: 'Show original, unformatted JSON manifest' },
};

export const imagetoolsInspectCommand: Command = defineCommand<InspectFlagValues>({
  name: 'inspect',
  aliases: [],
  synopsis: '[OPTIONS] NAME',
  summary: 'Show details of an image in the registry',
  arity: 1,
  flags,
  usesBuilder: true,
  run: runInspect,
});

async function runInspect({ format = '', raw }: InspectFlagValues, context: CommandContext): Promise<void> {
  if (format !== '' && raw) {
    throw new TsbuildxError('INVALID_ARGUMENT', 'format and raw cannot be used together');
  }
  const { args, builder, invocation, signal } = context;
  const [{ inspectImage }, { imageText }, { detailsOf, showImage }] = await Promise.all([
    import('../../index.ts'),
    import('../output/image-text.ts'),
    import('../output/image-format.ts'),
  ]);
  const name = args[0] ?? '';
  const options = { builder, docker: invocation.docker, details: raw ? [] : detailsOf(format) };
  const image = await inspectImage(name, options, { signal, onWarning });
  if (raw) {
    process.stdout.write(image.bytes);
    return;
  }
  if (format === '') {
    writeText(imageText(image));
    return;
  }
  const { output, error } = showImage(image, name, format);
  writeText(output);
  if (error !== undefined) throw error;
}

function onWarning(message: string): void {
  process.stderr.write(`WARNING: ${message}\n`);
}
