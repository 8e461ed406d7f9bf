// One build over two nodes: the same index, the same files and the same refusals from both programs.
import assert from 'node:assert/strict';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { TestNodes } from '../support/nodes.ts';
import { freshContext, type Peers, type Side } from '../support/peers.ts';
import type { TestRegistry } from '../support/registry.ts';
import { startTokenNodes, type TokenNodes } from '../support/token-nodes.ts';

const sides = ['theirs', 'ours'] as const satisfies readonly Side[];
const both = ['--builder', 'pair', '--platform', 'linux/amd64,linux/arm64'];
const files = {
  Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY hello /hello-$TARGETARCH\nLABEL arch=$TARGETARCH\n',
  hello: 'hello\n',
};

let shared: TokenNodes;
let peers: Peers;
let nodes: TestNodes;
let registry: TestRegistry;
before(async () => {
  shared = await startTokenNodes();
  ({ peers, nodes, registry } = shared);
  await nodes.write('bare', ['', '']);
});
after(async () => {
  await shared?.[Symbol.asyncDispose]();
});

/** The bytes of an image's manifest or index, as Go's buildx reads them. */
async function rawIndex(name: string): Promise<string> {
  const { code, stdout, stderr } = await peers.run('theirs', ['imagetools', 'inspect', '--raw', name]);
  assert.equal(code, 0, stderr);
  return stdout;
}

interface Index {
  readonly manifests: readonly {
    readonly platform?: unknown;
    readonly annotations?: Readonly<Record<string, string>>;
  }[];
}

/** The names of the steps, in the order of the alphabet; tokens depend on what the registry has already. */
function stepNames(stderr: string): string[] {
  const found = stderr.matchAll(/^#\d+ (\[(?!auth).*|exporting to image|merging .*|resolving .*)$/gm);
  const names = [...found].map(([, name = '']) => name.replaceAll(/-(?:ours|theirs)/g, ''));
  return [...new Set(names)].sort();
}

describe('an image over two nodes', () => {
  const annotated = (...texts: readonly string[]): readonly string[] => texts.flatMap((text) => ['--annotation', text]);
  const variants: readonly (readonly [what: string, args: readonly string[]])[] = [
    ['with annotations', annotated('index:who=<me>', 'manifest-descriptor[linux/arm64]:only=arm', 'manifest:all=both')],
    ['of three platforms', ['--platform', 'linux/s390x']],
    ['on one of the nodes', ['--platform', 'linux/arm64']],
  ];
  for (const [what, args] of variants) {
    it(`is the same index under all names: ${what}`, async () => {
      await using context = await freshContext(files);
      const found: unknown[] = [];
      for (const side of sides) {
        const names = ['app-a', 'app-b'].map((name) => `${registry.host}/team/${name}-${side}:1`);
        const tags = names.flatMap((name) => ['-t', name]);
        const iidfile = join(context.dir, `${side}.iid`);
        const platform = args.includes('linux/arm64') ? ['--builder', 'pair'] : both;
        const words = [
          ...platform,
          '--push',
          '--iidfile',
          iidfile,
          '--provenance=false',
          ...tags,
          ...args,
          '--progress',
          'plain',
        ];
        const { code, stderr, metadata } = await peers.build(side, context.dir, words);
        assert.equal(code, 0, stderr);
        const [first, second] = await Promise.all(names.map(rawIndex));
        assert.equal(first, second);
        const { 'buildx.build.ref': ref, 'image.name': _, ...rest } = metadata;
        const id = await readFile(iidfile, 'utf8');
        found.push({ first, rest, id, hasRef: ref !== undefined, steps: stepNames(stderr) });
      }
      const [theirs, ours] = found;
      assert.deepEqual(ours, theirs);
    });
  }

  it('has its attestations', async () => {
    await using context = await freshContext(files);
    const found: unknown[] = [];
    for (const side of sides) {
      const name = `${registry.host}/team/attested-${side}:1`;
      const { code, stderr } = await peers.build(side, context.dir, [...both, '--push', '-t', name]);
      assert.equal(code, 0, stderr);
      const index = JSON.parse(await rawIndex(name)) as Index;
      found.push(
        index.manifests.map(({ platform, annotations = {} }) => ({ platform, keys: Object.keys(annotations).sort() })),
      );
    }
    const [theirs, ours] = found;
    assert.deepEqual(ours, theirs);
    assert.match(JSON.stringify(ours), /vnd\.docker\.reference\.digest/);
  });

  it('is remembered for each node under one name', async () => {
    await using context = await freshContext(files);
    const refs = join(peers.configDir, 'buildx/refs');
    for (const side of sides) {
      await rm(refs, { recursive: true, force: true });
      const { code, stderr } = await peers.build(side, context.dir, [...both, '-o', 'type=cacheonly']);
      assert.equal(code, 0, stderr);
      const [ids, others] = await Promise.all(['pair0', 'pair1'].map((node) => readdir(join(refs, 'pair', node))));
      assert.deepEqual(ids, others);
      assert.equal(ids?.length, 1);
    }
  });
});

describe('outputs of two nodes', () => {
  const refused = ['type=tar,dest=out', 'type=oci,dest=out', 'type=docker,dest=out', 'type=docker'];
  for (const output of refused) {
    it(`${output} is refused in the same words`, async () => {
      await using context = await freshContext(files);
      const said: string[] = [];
      for (const side of sides) {
        const { code, stderr } = await peers.run(side, ['build', ...both, '-t', 'x', '-o', output, context.dir], {
          cwd: context.dir,
        });
        assert.equal(code, 1, stderr);
        said.push(stderr.match(/^ERROR: .*$/m)?.[0] ?? stderr);
      }
      assert.equal(said[1], said[0]);
    });
  }

  for (const output of ['type=image', 'type=cacheonly', 'type=local,dest=out']) {
    it(`${output} gives the default node's answer`, async () => {
      await using context = await freshContext(files);
      const found: unknown[] = [];
      for (const side of sides) {
        const args = [
          ...both,
          '--provenance=false',
          '-t',
          'team/app:1',
          '-o',
          output.replace('=out', `=${context.dir}/${side}`),
        ];
        const { code, stderr, metadata } = await peers.build(side, context.dir, args);
        assert.equal(code, 0, stderr);
        const { 'buildx.build.ref': ref, ...rest } = metadata;
        assert.match(String(ref), /^pair\/pair0\//);
        found.push({ rest, files: output.includes('local') ? await treeOf(join(context.dir, side)) : [] });
      }
      assert.deepEqual(found[1], found[0]);
    });
  }
});

async function treeOf(dir: string): Promise<string[]> {
  return (await readdir(dir, { recursive: true })).sort();
}

it('nodes without platforms of their own build what they can, the first what nobody can', async () => {
  await using context = await freshContext(files);
  for (const side of sides) {
    const args = ['--builder', 'bare', '--platform', 'linux/amd64,linux/arm64', '-o', 'type=cacheonly'];
    const { code, stderr, metadata } = await peers.build(side, context.dir, args);
    assert.equal(code, 0, stderr);
    assert.match(String(metadata['buildx.build.ref']), /^bare\/bare0\//);
  }
});

it('calls are answered by the node of the first platform', async () => {
  await using context = await freshContext(files);
  const said: string[] = [];
  for (const side of sides) {
    const { code, stdout, stderr } = await peers.run(side, ['build', ...both, '--call=outline', context.dir]);
    assert.equal(code, 0, stderr);
    said.push(stdout);
  }
  assert.equal(said[1], said[0]);
});
