// Matches docker/cli cli/cobra.go usageTemplate and spf13/pflag FlagUsagesWrapped.
import { goQuote } from '../base/go-quote.ts';
import type { Command } from './commands/command.ts';
import type { FlagDefinition, FlagTable } from './flags/definition.ts';
import type { Invocation } from './invocation.ts';

type Called = Pick<Invocation, 'mode' | 'path'>;

/** The text that `--help` prints for the program itself. */
export function rootHelp(called: Called, commands: readonly Command[], flags: FlagTable, columns: number): string {
  const shown = commands.filter(({ deprecated, hidden }) => deprecated === undefined && hidden !== true);
  const helpCommand = { name: 'help', summary: 'Help about any command' };
  const listed = called.mode === 'plugin' ? shown : [...shown, helpCommand];
  const { path: name } = called;
  return listHelp(called, { name, about: 'Extended build capabilities with BuildKit', listed }, flags, columns);
}

/** The text that a command prints that has others behind it. `shared` are the flags that all of these have. */
export function groupHelp({ mode, path }: Called, group: Command, shared: FlagTable, columns: number): string {
  const { name, summary, synopsis, flags, subcommands = [] } = group;
  const list = { name, about: summary, synopsis, listed: subcommands, own: flags };
  return listHelp({ mode, path: `${path} ${name}` }, list, shared, columns);
}

interface CommandList {
  readonly name: string;
  readonly about: string;
  readonly listed: readonly Pick<Command, 'name' | 'summary' | 'subcommands'>[];
  readonly synopsis?: string;
  /** Flags that are not those of the program; undefined for the program itself. */
  readonly own?: FlagTable;
}

function listHelp({ mode, path }: Called, list: CommandList, flags: FlagTable, columns: number): string {
  const { name, about, synopsis = '', listed, own } = list;
  const width = Math.max(...listed.map(({ name }) => name.length), 11);
  const rowsOf = (commands: CommandList['listed']): string[] =>
    commands
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((command) => `  ${command.name.padEnd(width)} ${command.summary}`);
  if (mode === 'plugin') {
    const groups = listed.filter(({ subcommands }) => subcommands !== undefined);
    const lines = [
      `Usage:  ${path} [OPTIONS] COMMAND`,
      '',
      about,
      '',
      'Options:',
      ...flagUsages({ ...own, ...flags }, columns),
      '',
      ...(groups.length > 0 ? ['Management Commands:', ...rowsOf(groups), ''] : []),
      'Commands:',
      ...rowsOf(listed.filter(({ subcommands }) => subcommands === undefined)),
      '',
      `Run '${path} COMMAND --help' for more information on a command.`,
    ];
    return [...lines, ''].join('\n');
  }
  const help = { help: helpFlag(name) };
  const lines = [
    about,
    '',
    'Usage:',
    `  ${path} ${synopsis}`.trimEnd(),
    `  ${path} [command]`,
    '',
    'Available Commands:',
    ...rowsOf(listed),
    '',
    'Flags:',
    ...(own === undefined
      ? flagUsages({ ...flags, ...help }, unlimited)
      : [...flagUsages({ ...own, ...help }, unlimited), '', 'Global Flags:', ...flagUsages(flags, unlimited)]),
    '',
    `Use "${path} [command] --help" for more information about a command.`,
  ];
  return [...lines, ''].join('\n');
}

/** The text that `COMMAND --help` prints. `rootFlags` are those that it shares with others. */
export function commandHelp({ mode, path }: Called, command: Command, rootFlags: FlagTable, columns: number): string {
  const { name, summary, aliases, flags } = command;
  const isPlugin = mode === 'plugin';
  const inFull = command.shownAliases ?? [name, ...aliases].map((alias) => `${path} ${alias}`).join(', ');
  const shownAliases = isPlugin ? inFull : [name, ...aliases].join(', ');
  const aliasLines = aliases.length > 0 ? ['', 'Aliases:', `  ${shownAliases}`] : [];
  const usage = usageLine(path, command);
  const lines = isPlugin
    ? [usage, '', summary, ...aliasLines, '', 'Options:', ...flagUsages({ ...flags, ...rootFlags }, columns)]
    : [
        summary,
        '',
        'Usage:',
        usage.replace('Usage:', ''),
        ...aliasLines,
        '',
        'Flags:',
        ...flagUsages({ ...flags, help: helpFlag(name) }, unlimited),
        '',
        'Global Flags:',
        ...flagUsages(rootFlags, unlimited),
      ];
  return [...lines, ''].join('\n');
}

/** By its own name the program does not wrap its help. */
const unlimited = Number.POSITIVE_INFINITY;

function helpFlag(name: string): FlagDefinition {
  return { kind: 'bool', short: 'h', usage: `help for ${name}` };
}

export function usageLine(path: string, command: Command): string {
  return `Usage:  ${path} ${command.name} ${command.synopsis}`.trimEnd();
}

function flagUsages(flags: FlagTable, columns: number): string[] {
  const shown = Object.entries(flags).filter(([, { hidden }]) => hidden !== true);
  const rows = shown.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, flag]) => ({ head: flagHead(name, flag), flag }));
  const width = Math.max(...rows.map(({ head }) => head.length));
  return rows.map(({ head, flag }) =>
    `${head.padEnd(width)}   ${wrap(usageText(flag), width + 3, columns - 1)}`.trimEnd(),
  );
}

const typeNames = { bool: '', string: ' string', array: ' stringArray', list: ' strings' } as const;

function flagHead(name: string, flag: FlagDefinition): string {
  const short = flag.short === undefined ? '    ' : `-${flag.short}, `;
  return `  ${short}--${name}${flag.type === undefined ? typeNames[flag.kind] : ` ${flag.type}`}`;
}

function usageText(flag: FlagDefinition): string {
  const shown =
    flag.shownDefault ?? (typeof flag.default === 'string' && flag.default !== '' ? goQuote(flag.default) : undefined);
  return shown === undefined ? flag.usage : `${flag.usage} (default ${shown})`;
}

const slop = 5;
const narrowest = 24;
const blockIndent = 16;

/** Breaks at spaces; where too little room is left beside the names, the text becomes a block below them. */
function wrap(text: string, indent: number, columns: number): string {
  const isBlock = columns - indent < narrowest;
  const from = isBlock ? blockIndent : indent;
  const room = columns - from;
  if (room < narrowest) return text;
  const lines: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const at = rest.lastIndexOf(' ', room - slop - 1);
    if (at <= 0) break;
    lines.push(rest.slice(0, at));
    rest = rest.slice(at + 1);
  }
  lines.push(rest);
  const newline = `\n${' '.repeat(from)}`;
  return `${isBlock ? newline : ''}${lines.join(newline)}`;
}
