import { wrap } from '../../base/errors.ts';
import { goJsonIndented } from '../../base/go-json-indent.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { writeText } from '../write-text.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { historyInspectAttachmentCommand } from './history-inspect-attachment.ts';
import { showBoot } from './show-boot.ts';

interface InspectFlagValues {
  readonly format: string;
}

const flags: FlagsFor<InspectFlagValues> = {
  format: { kind: 'string', default: 'pretty', usage: 'Format the output' },
};

export const historyInspectCommand: Command = defineCommand<InspectFlagValues>({
  name: 'inspect',
  aliases: [],
  synopsis: '[OPTIONS] [REF]',
  summary: 'Inspect a build record',
  arity: { cobraMost: 1 },
  flags,
  usesBuilder: true,
  subcommands: [historyInspectAttachmentCommand],
  run: runInspect,
});

async function runInspect({ format }: InspectFlagValues, context: CommandContext): Promise<void> {
  const { args, builder, invocation, signal } = context;
  const { inspectRecord } = await import('../../index.ts');
  await using boot = showBoot();
  const [ref = ''] = args;
  const options = { builder, docker: invocation.docker, ref };
  const record = await inspectRecord(options, { signal, onStatus: boot.onStatus });
  if (format === 'pretty') {
    const { recordText } = await import('../output/record-text.ts');
    const debug = Boolean(process.env['DEBUG']);
    process.stdout.write(
      recordText(record, { program: invocation.path.replace(/ history$/, ''), showsRef: ref === '', debug }),
    );
    return;
  }
  const [{ recordShape }, { goTemplate, jsonOf }] = await Promise.all([
    import('../output/record-shapes.ts'),
    import('../output/template/index.ts'),
  ]);
  const value = recordShape.of(record);
  if (format === 'json') {
    writeText(`${goJsonIndented(jsonOf(value))}\n`);
    return;
  }
  const show = told('failed to parse format template', () => goTemplate(format, new Map(), 'inspect'));
  const { output, error } = show(value);
  if (error !== undefined) throw wrap('INVALID_ARGUMENT', 'failed to execute format template', error);
  writeText(`${output}\n`);
}

function told<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw wrap('INVALID_ARGUMENT', what, error);
  }
}
