// What bake asks in a terminal when builds need more than everyone may: the same question, and the same after each answer.
import assert from 'node:assert/strict';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { mainProgram } from '../support/running.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

const sides = ['theirs', 'ours'] as const;

// one target: of several, buildx tells the paths of one
const definition = (outside: string): string => `
target "default" {
  contexts = { outside = "${outside}/read" }
  output = ["type=local,dest=${outside}/write"]
  entitlements = ["network.host"]
}
`;

async function open(side: Side, flags: readonly string[]): Promise<Terminal> {
  const program = side === 'ours' ? [process.execPath, mainProgram] : [await buildxPeer()];
  const settings = { columns: 150, rows: 40, env: peers.env };
  return await openTerminal([...program, 'bake', ...flags], settings);
}

/** From the request on, with colours; without the command line, which begins with the program. */
function asked(lines: readonly string[]): readonly string[] {
  const from = lines.findIndex((line) => line.startsWith('Your build is requesting'));
  const to = lines.findLastIndex((line) => line !== '');
  const shown = lines.slice(Math.max(from, 0), to + 1);
  const command = shown.findIndex((line) => line.startsWith('Your full command')) + 2;
  return shown.toSpliced(command, shown.indexOf('', command) - command);
}

describe('privileges that nobody allowed', () => {
  for (const [name, keys, code] of [
    ['y', ['y', 'Enter'], 0],
    ['y with a blank', ['y', 'Space', 'Enter'], 1],
    ['nothing', ['Enter'], 1],
    ['the end of the input', ['C-d'], 1],
    ['Ctrl-C', ['C-c'], 1],
  ] as const) {
    it(`are asked for: ${name}`, async () => {
      const seen = [];
      await using context = await freshContext({ Dockerfile: `FROM ${baseImage}\n` });
      await using other = await freshContext({ 'read/a': '' });
      const outside = other.dir;
      const file = join(context.dir, 'bake.hcl');
      await writeFile(file, definition(outside));
      for (const side of sides) {
        await rm(join(outside, 'write'), { recursive: true, force: true });
        await using terminal = await open(side, ['--progress=plain', '-f', file, '--set', `*.context=${context.dir}`]);
        await terminal.shows(/continue\? \[y\/N\]/);
        const question = asked(await terminal.screen({ escapes: true }));
        await terminal.press(...keys);
        const ended = await terminal.ended();
        const screen = asked(await terminal.screen({ escapes: true }));
        seen.push({ question, ended, rest: code === 0 ? [] : screen });
        assert.equal(ended, code, screen.join('\n'));
      }
      assert.deepEqual(seen[1], seen[0]);
    });
  }
});
