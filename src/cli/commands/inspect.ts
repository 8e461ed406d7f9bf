import type { SolveStatus } from '../../index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';

interface InspectFlagValues {
  readonly bootstrap: boolean;
  readonly timeout: string;
}

const flags: FlagsFor<InspectFlagValues> = {
  bootstrap: { kind: 'bool', usage: 'Ensure builder has booted before inspecting' },
  timeout: timeoutFlag,
};

export const inspectCommand: Command = defineCommand<InspectFlagValues>({
  name: 'inspect',
  aliases: [],
  synopsis: '[NAME]',
  summary: 'Inspect current builder instance',
  arity: { most: 1 },
  flags,
  usesBuilder: true,
  run: runInspect,
});

async function runInspect(values: InspectFlagValues, context: CommandContext): Promise<void> {
  const { invocation, args, signal } = context;
  const [{ inspectBuilder }, { builderText }] = await Promise.all([
    import('../../index.ts'),
    import('../output/builder-text.ts'),
  ]);
  const options = {
    // an empty argument is an answer too: the current builder
    builder: args[0] ?? context.builder,
    docker: invocation.docker,
    bootstrap: values.bootstrap,
    timeoutMs: timeoutMs(values.timeout),
  };
  // what is booted is shown on stderr
  await using display = values.bootstrap ? await (await import('./show-progress.ts')).showBuild('auto') : undefined;
  const onStatus = (status: SolveStatus): unknown => display?.onEvent({ kind: 'status', status });
  const builder = await inspectBuilder(options, { signal, onStatus });
  await display?.done();
  process.stdout.write(builderText(builder, { debug: Boolean(process.env['DEBUG']) }));
}
