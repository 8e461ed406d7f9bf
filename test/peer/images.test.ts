// The same image from both programs, and each finds in the cache what the other has built.
import assert from 'node:assert/strict';
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

async function layersOf(tag: string): Promise<string> {
  const inspected = await peers.engine.docker(['image', 'inspect', '--format', '{{json .RootFS.Layers}}', tag]);
  assert.equal(inspected.code, 0, inspected.stderr);
  return inspected.stdout;
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
        assert.equal(b.metadata['containerimage.config.digest'], a.metadata['containerimage.config.digest']);
        assert.deepEqual(Object.keys(b.metadata), Object.keys(a.metadata));
        assert.equal(await layersOf('peer-second'), await layersOf('peer-first'));
      });
    }
  }
});
