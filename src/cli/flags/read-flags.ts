import type { Options, ParserConfigurationOptions } from 'yargs';
import yargs from 'yargs/yargs';
import { type FlagsFor, type FlagTable, isRepeatable } from './definition.ts';

/** Words mean what they say: none of yargs's own readings of names, numbers and repetitions. */
const parserConfiguration: Partial<ParserConfigurationOptions> = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'short-option-groups': false,
  'strip-dashed': false,
};

/** The values of flags that `sortWords` brought into one form, as `V`, whose table it is, declares them. */
export function readFlags<V>(table: FlagsFor<V>, flags: readonly string[]): V {
  // The closing `--` keeps yargs from losing an empty value at the end.
  const argv = yargs([...flags, '--'])
    .parserConfiguration(parserConfiguration)
    .help(false)
    .version(false)
    .exitProcess(false)
    .fail(false)
    .options(yargsOptions(table))
    .parseSync() as Readonly<Record<string, unknown>>;
  return Object.fromEntries(Object.keys(table).map((name) => [name, argv[name]])) as V;
}

function yargsOptions(table: FlagTable): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(table).map(([name, definition]): [string, Options] => {
      if (isRepeatable(definition)) return [name, { type: 'array', string: true, default: [] }];
      if (definition.kind === 'bool') return [name, { type: 'boolean', default: definition.default ?? false }];
      return [name, { type: 'string', default: definition.default }];
    }),
  );
}
