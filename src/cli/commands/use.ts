import type { FlagsFor } from '../flags/definition.ts';
import { type Command, defineCommand } from './command.ts';

interface UseFlagValues {
  readonly default: boolean;
  readonly global: boolean;
}

const flags: FlagsFor<UseFlagValues> = {
  default: { kind: 'bool', usage: 'Set builder as default for current context' },
  global: { kind: 'bool', usage: 'Builder persists context changes' },
};

export const useCommand: Command = defineCommand<UseFlagValues>({
  name: 'use',
  aliases: [],
  synopsis: '[OPTIONS] NAME',
  summary: 'Set the current builder instance',
  arity: { most: 1 },
  flags,
  usesBuilder: true,
  async run(values, { invocation, args, builder = '', signal }) {
    const { useBuilder } = await import('../../index.ts');
    const { docker } = invocation;
    const name = args[0] ?? builder;
    await useBuilder({ docker, builder: name, global: values.global, asDefault: values.default }, { signal });
  },
});
