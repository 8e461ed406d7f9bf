import { Parser } from 'yargs/helpers';
import { type FlagDefinition, type FlagsFor, type FlagTable, isRepeatable } from './definition.ts';

/** Words mean what they say: none of yargs's own readings of names, numbers and repetitions. */
const configuration = {
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
  const definitions = Object.entries<FlagDefinition>(table satisfies FlagTable);
  const ofKind = (is: (definition: FlagDefinition) => boolean): string[] =>
    definitions.filter(([, definition]) => is(definition)).map(([name]) => name);
  // The closing `--` keeps yargs from losing an empty value at the end.
  const argv = Parser([...flags.map(withSpareQuotes), '--'], {
    array: ofKind(isRepeatable),
    boolean: ofKind(({ kind }) => kind === 'bool'),
    string: ofKind(({ kind }) => kind !== 'bool'),
    default: Object.fromEntries(definitions.map(([name, definition]) => [name, defaultOf(definition)])),
    configuration,
  });
  return Object.fromEntries(definitions.map(([name]): [string, unknown] => [name, argv[name]])) as V;
}

function defaultOf(definition: FlagDefinition): unknown {
  if (isRepeatable(definition)) return [];
  return definition.default ?? (definition.kind === 'bool' && !definition.isOptional ? false : undefined);
}

/** yargs takes quotes around a value away; these are the user's own, as in `"type=tar","dest=a,b"`. */
function withSpareQuotes(flag: string): string {
  const at = flag.indexOf('=') + 1;
  const first = flag[at];
  const isQuoted = at > 0 && (first === '"' || first === "'") && flag.endsWith(first);
  return isQuoted ? `${flag.slice(0, at)}${first}${flag.slice(at)}${first}` : flag;
}
