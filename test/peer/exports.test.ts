// The same files come out of both programs, with the same names, modes, times and content.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { lstat, readdir, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, startPeers } from '../support/peers.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

const dockerfile = `FROM ${baseImage} AS build
COPY salt /out/dir/salt
RUN cd /out && mkdir empty && ln -s dir/salt link && ln dir/salt hard && chmod 4750 dir/salt && chmod 1777 empty \\
  && chown 12:34 hard && head -c 3000000 /dev/zero > big && : > zero && touch 'ünï 日本' && touch -t 200001020304 dir
FROM scratch
COPY --from=build /out /
`;

interface Tree {
  /** Path, mode, owner, links and content of each file. */
  readonly entries: string[];
  readonly times: bigint[];
}

async function treeOf(dir: string, path = '', tree: Tree = { entries: [], times: [] }): Promise<Tree> {
  for (const name of (await readdir(join(dir, path))).sort()) {
    const inner = join(path, name);
    const stat = await lstat(join(dir, inner), { bigint: true });
    const facts = [inner, stat.mode.toString(8), stat.uid, stat.gid, stat.nlink];
    if (stat.isFile()) facts.push(digest(await readFile(join(dir, inner))));
    if (stat.isSymbolicLink()) facts.push(await readlink(join(dir, inner)));
    tree.entries.push(facts.join(' '));
    tree.times.push(stat.mtimeNs);
    if (stat.isDirectory()) await treeOf(dir, inner, tree);
  }
  return tree;
}

function digest(data: Uint8Array): string {
  return createHash('sha256').update(data).digest('hex');
}

describe('exports', () => {
  async function both(type: string): Promise<{ theirs: string; ours: string } & AsyncDisposable> {
    await using context = await freshContext({ Dockerfile: dockerfile });
    const target = await freshContext({});
    const paths = { theirs: join(target.dir, 'theirs'), ours: join(target.dir, 'ours') };
    for (const side of ['theirs', 'ours'] as const) {
      const ran = await peers.run(side, ['build', '-o', `type=${type},dest=${paths[side]}`, context.dir]);
      assert.equal(ran.code, 0, ran.stderr);
    }
    return { ...paths, [Symbol.asyncDispose]: async () => await target[Symbol.asyncDispose]() };
  }

  it('directory', async () => {
    await using dirs = await both('local');
    const [ours, theirs] = await Promise.all([treeOf(dirs.ours), treeOf(dirs.theirs)]);
    assert.ok(theirs.entries.length > 5);
    assert.deepEqual(ours.entries, theirs.entries);
    // Node sets times as floating-point seconds, good for a quarter of a microsecond.
    ours.times.forEach((time, i) =>
      assert.ok(Math.abs(Number(time - (theirs.times[i] ?? 0n))) < 1000, ours.entries[i]),
    );
  });

  it('tar file', async () => {
    await using files = await both('tar');
    assert.equal(digest(await readFile(files.ours)), digest(await readFile(files.theirs)));
  });

  it('tar on standard output', async () => {
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
    const flags = ['build', '--progress', 'quiet', '-o', '-', context.dir];
    const theirs = await peers.run('theirs', flags);
    const ours = await peers.run('ours', flags);
    assert.equal(ours.code, 0, ours.stderr);
    assert.equal(ours.stderr, theirs.stderr);
    assert.ok(theirs.stdout.includes('ustar'));
    assert.equal(ours.stdout, theirs.stdout);
  });
});
