import type { SolveStatus } from '../../index.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { timeoutFlag, timeoutMs } from '../flags/timeout.ts';
import { type Command, type CommandContext, defineCommand, hiddenBuilderFlag } from './command.ts';

interface CreateFlagValues {
  readonly append: boolean;
  readonly bootstrap: boolean;
  readonly 'buildkitd-config': string | undefined;
  readonly 'buildkitd-flags': string | undefined;
  readonly config: string | undefined;
  readonly driver: string | undefined;
  readonly 'driver-opt': readonly string[];
  readonly leave: boolean;
  readonly name: string | undefined;
  readonly node: string | undefined;
  readonly platform: readonly string[];
  readonly timeout: string;
  readonly use: boolean;
}

const flags: FlagsFor<CreateFlagValues> = {
  append: { kind: 'bool', usage: 'Append a node to builder instead of changing it' },
  bootstrap: { kind: 'bool', usage: 'Boot builder after creation' },
  'buildkitd-config': { kind: 'string', usage: 'BuildKit daemon config file' },
  'buildkitd-flags': { kind: 'string', usage: 'BuildKit daemon flags' },
  config: { kind: 'string', usage: 'BuildKit daemon config file', hidden: true },
  driver: { kind: 'string', usage: 'Driver to use (available: "docker-container", "kubernetes", "remote")' },
  'driver-opt': { kind: 'array', usage: 'Options for the driver' },
  leave: { kind: 'bool', usage: 'Remove a node from builder instead of changing it' },
  name: { kind: 'string', usage: 'Builder instance name' },
  node: { kind: 'string', usage: 'Create/modify node with given name' },
  platform: { kind: 'array', usage: 'Fixed platforms for current node' },
  timeout: timeoutFlag,
  use: { kind: 'bool', usage: 'Set the current builder instance' },
  builder: hiddenBuilderFlag,
};

export const createCommand: Command = defineCommand<CreateFlagValues>({
  name: 'create',
  aliases: [],
  synopsis: '[OPTIONS] [CONTEXT|ENDPOINT]',
  summary: 'Create a new builder instance',
  arity: { most: 1 },
  flags,
  usesBuilder: false,
  run: runCreate,
});

async function runCreate(values: CreateFlagValues, { invocation, args, signal }: CommandContext): Promise<void> {
  const { docker } = invocation;
  const { createBuilder, leaveBuilder } = await import('../../index.ts');
  if (values.leave) {
    return await leaveBuilder({ docker, name: values.name ?? '', node: values.node ?? '' }, { signal });
  }
  const [{ parseDriverOpts, parseBuildkitdFlags }, { parsePlatforms }] = await Promise.all([
    import('../flags/driver-opts.ts'),
    import('../../values/index.ts'),
  ]);
  // what is booted is shown on stderr
  await using display = values.bootstrap ? await (await import('./show-progress.ts')).showBuild('auto') : undefined;
  const name = await createBuilder(
    {
      docker,
      name: values.name,
      driver: values.driver,
      endpoint: args[0],
      node: values.node,
      append: values.append,
      platforms: parsePlatforms(values.platform, process),
      driverOpts: parseDriverOpts(values['driver-opt']),
      buildkitdFlags: parseBuildkitdFlags(values['buildkitd-flags']),
      buildkitdConfig: values['buildkitd-config'] ?? values.config,
      use: values.use,
      bootstrap: values.bootstrap,
      timeoutMs: timeoutMs(values.timeout),
    },
    {
      signal,
      onStatus: (status: SolveStatus) => void display?.onEvent({ kind: 'status', status }),
      onWarning: (message) => void process.stderr.write(`WARNING: ${message}\n`),
    },
  );
  await display?.done();
  process.stdout.write(`${name}\n`);
}
