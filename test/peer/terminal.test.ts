// What stands in a terminal when a build has ended: the same for both programs, at every size.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { mainProgram, until, within } from '../support/running.ts';
import { openTerminal, type Terminal } from '../support/terminal.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

const longName = 'true && true && true && true && true && true && true && true && true && true && true && true';
const good = `FROM ${baseImage} AS first-stage
RUN mkdir /first
RUN for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.05; done
RUN ${longName}
RUN printf '\\033[31mred\\033[0m 10%%\\r99%%\\n'; sleep 0.2
FROM ${baseImage}
COPY --from=first-stage /first /second
RUN echo naïve → ünïcödé
`;
const failing = `FROM ${baseImage}
RUN for i in 1 2 3 4 5 6 7 8 9 10 11 12 13; do echo line $i; done; sleep 0.3; exit 7
`;
const endless = `FROM ${baseImage}
RUN printf 'one\\033[31m two\\033[0m\\n10%%\\r99%%\\n\\033[1A\\033[2Kthree\\nhas-started\\n'; exec sleep 100000
`;

interface Size {
  readonly columns: number;
  readonly rows: number;
}

const usual: Size = { columns: 80, rows: 24 };
const small: Size = { columns: 40, rows: 10 };
const large: Size = { columns: 200, rows: 50 };
const sides = ['theirs', 'ours'] as const;

async function open(side: Side, flags: readonly string[], size: Size): Promise<Terminal> {
  const program = side === 'ours' ? [process.execPath, mainProgram] : [await buildxPeer()];
  return await openTerminal([...program, 'build', '--no-cache', ...flags], { ...size, env: peers.env });
}

const nowhere = ['--output', 'type=cacheonly'];

/** Without times, digests, and what the keyboard left behind. */
function settled(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line !== '' && line !== '^C');
  return lines.slice(0, last + 1).map((line) =>
    line
      .replace(/ +\d+\.\ds( |$)/, ' TIME$1')
      .replace(/^\d+\.\d+ /, 'TIME ')
      .replace(/sha256:[0-9a-f]+/, 'DIGEST')
      .trimEnd(),
  );
}

describe('the picture when a build has ended', () => {
  for (const [name, dockerfile, code, sizes] of [
    ['well', good, 0, [usual, small, large]],
    ['with a failure', failing, 1, [usual]],
  ] as const) {
    it(name, async () => {
      await using context = await freshContext({ Dockerfile: dockerfile });
      // What the engine keeps of the context is the same for both then.
      await peers.run('theirs', ['build', '--no-cache', ...nowhere, context.dir]);
      for (const size of sizes) {
        const seen = [];
        for (const side of sides) {
          await using terminal = await open(side, [...nowhere, context.dir], size);
          assert.equal(await terminal.ended(), code);
          assert.ok(await terminal.hasCursor());
          seen.push(settled(await terminal.screen()));
        }
        assert.deepEqual(seen[1], seen[0], `${size.columns}x${size.rows}`);
      }
    });
  }

  it('because of Ctrl-C, and before that', async () => {
    await using context = await freshContext({ Dockerfile: endless });
    const seen = [];
    for (const side of sides) {
      await using terminal = await open(side, [...nowhere, context.dir], usual);
      await terminal.shows(/=> => # has-started/);
      const before = settled(await terminal.screen());
      await terminal.press('C-c');
      assert.equal(await terminal.ended(), 130);
      assert.ok(await terminal.hasCursor());
      seen.push({ before, after: settled(await terminal.screen()) });
    }
    assert.deepEqual(seen[1], seen[0]);
  });
});

describe('a terminal', () => {
  it('that changes its size shows one picture', async () => {
    await using context = await freshContext({ Dockerfile: endless });
    await using terminal = await open('ours', [...nowhere, context.dir], usual);
    await terminal.shows(/=> => # has-started/);
    for (const { columns, rows } of [{ columns: 60, rows: 20 }, large, small]) {
      await terminal.resize(columns, rows);
      await terminal.shows((line) => line.startsWith('[+] Building') && line.length === columns - 1);
      const titles = (await terminal.screen()).filter((line) => line.startsWith('[+] Building'));
      assert.equal(titles.length, 1, (await terminal.screen()).join('\n'));
    }
    await terminal.press('C-c');
    assert.equal(await terminal.ended(), 130);
    assert.ok(await terminal.hasCursor());
  });

  it('that stands still does not hold up the build', async () => {
    const dockerfile = `FROM ${baseImage}\nCOPY salt /\nRUN echo has-started; sleep 1; echo made > /made\n`;
    await using context = await freshContext({ Dockerfile: dockerfile });
    const made = join(context.dir, 'out/made');
    await using terminal = await open('ours', ['-o', join(context.dir, 'out'), context.dir], usual);
    await terminal.shows(/=> => # has-started/);
    await terminal.press('C-s');
    await within(
      30_000,
      'the result',
      until(() => existsSync(made)),
    );
    await terminal.press('C-q');
    assert.equal(await terminal.ended(), 0);
  });
});
