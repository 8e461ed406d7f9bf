import type { Options, ParserConfigurationOptions } from 'yargs';
import { type FlagsFor, type FlagTable, isRepeatable } from './definition.ts';

/** Words mean what they say: none of yargs's own readings of names, numbers and repetitions. */
export const parserConfiguration: Partial<ParserConfigurationOptions> = {
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'greedy-arrays': false,
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'populate--': true,
  'short-option-groups': false,
  'strip-dashed': false,
};

/** The table as yargs takes it. */
export function yargsOptions(table: FlagTable): Record<string, Options> {
  return Object.fromEntries(
    Object.entries(table).map(([name, definition]): [string, Options] => {
      if (isRepeatable(definition)) return [name, { type: 'array', string: true, default: [] }];
      if (definition.kind === 'bool') return [name, { type: 'boolean', default: definition.default ?? false }];
      return [name, { type: 'string', default: definition.default }];
    }),
  );
}

/** What yargs read, as `V`, whose table it is, declares it. */
export function flagValues<V>(table: FlagsFor<V>, argv: Readonly<Record<string, unknown>>): V {
  return Object.fromEntries(Object.keys(table).map((name) => [name, argv[name]])) as V;
}
