import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineCommand, defineGroup } from '../../../src/cli/commands/command.ts';
import { commandHelp, groupHelp, rootHelp } from '../../../src/cli/help.ts';

interface Values {
  readonly 'add-host': readonly string[];
  readonly progress: string;
  readonly tag: readonly string[];
  readonly quiet: boolean;
  readonly secret: readonly string[];
}

const command = defineCommand<Values>({
  name: 'make',
  aliases: ['m'],
  synopsis: '[OPTIONS] PATH',
  summary: 'Make it',
  arity: 1,
  usesBuilder: false,
  flags: {
    tag: { kind: 'array', short: 't', usage: 'Image identifier (format: "[registry/]repository[:tag]")' },
    'add-host': { kind: 'list', usage: 'Add a custom host-to-IP mapping (format: "host:ip")' },
    progress: { kind: 'string', default: 'auto', usage: 'Set type of progress output' },
    quiet: { kind: 'bool', short: 'q', usage: 'Suppress the build output' },
    secret: { kind: 'array', hidden: true, usage: 'Hidden' },
  },
  run: async () => undefined,
});

// laid out by spf13/pflag for the same flags
test('the help of a command is laid out as docker lays it out', () => {
  assert.equal(
    commandHelp({ mode: 'plugin', path: 'docker tsbuildx' }, command, {}, 80),
    `Usage:  docker tsbuildx make [OPTIONS] PATH

Make it

Aliases:
  docker tsbuildx make, docker tsbuildx m

Options:
      --add-host strings   Add a custom host-to-IP mapping (format: "host:ip")
      --progress string    Set type of progress output (default "auto")
  -q, --quiet              Suppress the build output
  -t, --tag stringArray    Image identifier (format:
                           "[registry/]repository[:tag]")
`,
  );
});

test('on a narrow terminal texts become blocks', () => {
  const text = commandHelp({ mode: 'plugin', path: 'x' }, command, {}, 46);
  assert.match(text, /^ {6}--progress string\s*\n {16}Set type of progress\n {16}output \(default "auto"\)$/m);
});

// laid out by spf13/cobra
test('by its own name the program lays it out as cobra does', () => {
  const rootFlags = { debug: { kind: 'bool', short: 'D', usage: 'Enable debug logging' } } as const;
  assert.equal(
    commandHelp({ mode: 'standalone', path: 'docker-make' }, command, rootFlags, 80),
    `Make it

Usage:
  docker-make make [OPTIONS] PATH

Aliases:
  make, m

Flags:
      --add-host strings   Add a custom host-to-IP mapping (format: "host:ip")
  -h, --help               help for make
      --progress string    Set type of progress output (default "auto")
  -q, --quiet              Suppress the build output
  -t, --tag stringArray    Image identifier (format: "[registry/]repository[:tag]")

Global Flags:
  -D, --debug   Enable debug logging
`,
  );
});

const group = defineGroup({ name: 'tools', summary: 'Tools', usesBuilder: true, subcommands: [command] });
const shared = { debug: { kind: 'bool', short: 'D', usage: 'Enable debug logging' } } as const;

test('a group of commands stands apart in the list that docker prints', () => {
  assert.equal(
    rootHelp({ mode: 'plugin', path: 'docker tsbuildx' }, [command, group], shared, 80),
    `Usage:  docker tsbuildx [OPTIONS] COMMAND

Extended build capabilities with BuildKit

Options:
  -D, --debug   Enable debug logging

Management Commands:
  tools       Tools

Commands:
  make        Make it

Run 'docker tsbuildx COMMAND --help' for more information on a command.
`,
  );
});

test('the help of a group lists its commands', () => {
  assert.equal(
    groupHelp({ mode: 'standalone', path: 'docker-tsbuildx' }, group, shared, 80),
    `Tools

Usage:
  docker-tsbuildx tools
  docker-tsbuildx tools [command]

Available Commands:
  make        Make it

Flags:
  -h, --help   help for tools

Global Flags:
  -D, --debug   Enable debug logging

Use "docker-tsbuildx tools [command] --help" for more information about a command.
`,
  );
});
