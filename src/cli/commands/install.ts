import { type Command, type CommandContext, defineCommand, hiddenBuilderFlag } from './command.ts';

const deprecated = "use 'docker buildx' directly, without relying on the 'docker builder' alias";

export const installCommand: Command = aliasCommand({
  name: 'install',
  summary: "Install buildx as a 'docker builder' alias",
  // who calls it by its own plugin name wants that one
  alias: ({ path }) => (path === 'docker tsbuildx' ? 'tsbuildx' : 'buildx'),
});

export const uninstallCommand: Command = aliasCommand({
  name: 'uninstall',
  summary: "Uninstall the 'docker builder' alias",
  alias: () => undefined,
});

interface AliasCommand {
  readonly name: string;
  readonly summary: string;
  readonly alias: (invocation: CommandContext['invocation']) => string | undefined;
}

function aliasCommand({ name, summary, alias }: AliasCommand): Command {
  return defineCommand({
    name,
    aliases: [],
    synopsis: '',
    summary,
    deprecated,
    arity: 0,
    flags: { builder: hiddenBuilderFlag },
    usesBuilder: false,
    async run(_, { invocation }) {
      const { setBuilderAlias } = await import('../../index.ts');
      await setBuilderAlias(alias(invocation), { docker: invocation.docker });
    },
  });
}
