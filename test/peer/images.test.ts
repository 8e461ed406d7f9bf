// The same image from both programs, and each finds in the cache what the other has built.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type Built, freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { goodBuilds } from './cases.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

/** Names of the steps that were run or copied, by whether the cache had them. */
function stepsOf(built: Built): { cached: string[]; done: string[] } {
  const last = new Map<string, boolean>();
  for (const line of built.stderr.split('\n').filter((text) => text.startsWith('{'))) {
    const { vertexes = [] } = JSON.parse(line) as {
      vertexes?: { name: string; completed?: string; cached?: boolean }[];
    };
    for (const { name, completed, cached } of vertexes) {
      if (completed !== undefined && /^\[(?!internal\]|auth\])[^\]]*\] (?!FROM )/.test(name))
        last.set(name, cached === true);
    }
  }
  const names = [...last.keys()].sort();
  return { cached: names.filter((name) => last.get(name)), done: names.filter((name) => !last.get(name)) };
}

/** Digests of the manifest and the config that were exported: they stand for every byte of the image. */
function exportedBy(built: Built): readonly string[] {
  const told = built.stderr.matchAll(/"id":"(exporting (?:manifest|config) sha256:[0-9a-f]{64})"/g);
  return [...new Set([...told].map(([, id = '']) => id))];
}

describe('images', () => {
  for (const { name, files, args = [] } of goodBuilds) {
    for (const [first, second] of [
      ['theirs', 'ours'],
      ['ours', 'theirs'],
    ] as const satisfies readonly (readonly [Side, Side])[]) {
      it(`${name}: ${second} after ${first}`, async () => {
        await using context = await freshContext(files);
        const flags = ['--progress', 'rawjson', ...args];
        const a = await peers.build(first, context.dir, [...flags, '-t', 'peer-first']);
        assert.equal(a.code, 0, a.stderr);
        assert.notDeepEqual(stepsOf(a).done, []);
        const b = await peers.build(second, context.dir, [...flags, '-t', 'peer-second']);
        assert.equal(b.code, 0, b.stderr);
        assert.deepEqual(stepsOf(b), { cached: [...stepsOf(a).cached, ...stepsOf(a).done].sort(), done: [] });
        assert.equal(exportedBy(a).length, 2);
        assert.deepEqual(exportedBy(b), exportedBy(a));
        assert.deepEqual(Object.keys(b.metadata), Object.keys(a.metadata));
      });
    }
  }

  it('is named alike in quiet output, the id file and the metadata file', async () => {
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
    for (const side of ['theirs', 'ours'] as const) {
      const iidfile = join(context.dir, `${side}.iid`);
      const built = await peers.build(side, context.dir, ['-q', '--iidfile', iidfile]);
      assert.equal(built.stderr, '');
      assert.match(built.stdout, /^sha256:[0-9a-f]{64}\n$/);
      assert.equal(await readFile(iidfile, 'utf8'), built.stdout.trimEnd());
      assert.equal(built.metadata['containerimage.digest'], built.stdout.trimEnd());
    }
  });
});
