// What the arguments of commands can be. Matches buildx where it says something.
import { shells } from './scripts/index.ts';
import { bakeTargets } from './bake-targets.ts';
import { allBuilders } from './builder-names.ts';
import { type Completer, directories, DIRECTIVE, files } from './completions.ts';

/** As buildx has it for commands without arguments to name. */
const disabled: Completer = () => ({ values: [], directive: DIRECTIVE.noSpace });

/** By the name of the command, behind that of its group. */
const COMPLETERS: Readonly<Record<string, Completer>> = {
  bake: bakeTargets,
  build: directories,
  completion: ({ args }) => ({
    values: args.length > 0 ? [] : shells.map((value) => ({ value, description: shellDescription(value) })),
    directive: DIRECTIVE.noFiles,
  }),
  inspect: allBuilders,
  llb: files,
  rm: allBuilders,
  stop: allBuilders,
  use: allBuilders,
};

function shellDescription(shell: string): string {
  return `Generate the autocompletion script for ${shell}`;
}

export function argumentCompleter(command: string): Completer {
  return (Object.hasOwn(COMPLETERS, command) ? COMPLETERS[command] : undefined) ?? disabled;
}
