import type { RunStep } from '../../index.ts';
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
  await using steps = values.bootstrap ? await showSteps() : undefined;
  const builder = await inspectBuilder(options, { signal, runStep: steps?.run });
  await steps?.done();
  process.stdout.write(builderText(builder, { debug: Boolean(process.env['DEBUG']) }));
}

/** Shows on stderr how nodes start. */
async function showSteps(): Promise<AsyncDisposable & { readonly run: RunStep; done(): Promise<unknown> }> {
  const [{ createClientSteps, now }, { showBuild }] = await Promise.all([
    import('../../build/index.ts'),
    import('./show-progress.ts'),
  ]);
  const display = await showBuild('auto');
  const steps = createClientSteps((status) => void display.onEvent({ kind: 'status', status }));
  return {
    run: async (name, work) =>
      await steps.run(name, async (_, tell) => {
        const started = now();
        return await work((id) => tell({ id, current: 0n, total: 0n, started, completed: true }));
      }),
    done: () => display.done(),
    [Symbol.asyncDispose]: () => display[Symbol.asyncDispose](),
  };
}
