import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { parseDigest } from '../../oci/index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { showBoot } from './show-boot.ts';

interface AttachmentFlagValues {
  readonly platform: string;
  readonly type: string;
}

const flags: FlagsFor<AttachmentFlagValues> = {
  platform: { kind: 'string', default: '', usage: 'Platform of attachment' },
  type: { kind: 'string', default: '', usage: 'Type of attachment' },
};

export const historyInspectAttachmentCommand: Command = defineCommand<AttachmentFlagValues>({
  name: 'attachment',
  aliases: [],
  synopsis: '[OPTIONS] [REF [DIGEST]]',
  summary: 'Inspect a build record attachment',
  arity: { cobraMost: 2 },
  flags,
  usesBuilder: true,
  run: runAttachment,
});

async function runAttachment({ platform, type }: AttachmentFlagValues, context: CommandContext): Promise<void> {
  const { args, builder, invocation, signal } = context;
  const [ref, text] = args;
  const digest = text === undefined ? undefined : digestOf(text);
  if (digest === undefined && platform === '' && type === '') {
    throw new TsbuildxError('INVALID_ARGUMENT', 'at least one of --type, --platform or DIGEST must be specified');
  }
  const { recordAttachment } = await import('../../index.ts');
  await using boot = showBoot();
  const options = { builder, docker: invocation.docker, ref, digest, platform, type };
  const bytes = recordAttachment(options, { signal, onStatus: boot.onStatus });
  await pipeline(Readable.from(bytes, { objectMode: false }), process.stdout, { end: false });
}

function digestOf(text: string): string {
  try {
    return parseDigest(text);
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', `invalid digest ${goQuote(text)}`, error);
  }
}
