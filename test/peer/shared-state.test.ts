// Go's buildx and ours change builders in one directory at the same time: nothing is lost, no file is torn.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { createBuilder, inspectBuilder, leaveBuilder, removeBuilder, useBuilder } from '../../src/index.ts';
import { runProgram } from '../support/engine.ts';

/** Operations of each; Go's buildx is started anew for each one. */
const OURS = 800;
const THEIRS = 200;
/** Nothing listens there: nothing is booted, and to find that out takes no time. */
const endpoint = (n: number): string => `tcp://127.0.0.1:1/${n}`;

let root: string;
let buildx: string;
before(async () => {
  root = await mkdtemp(join(tmpdir(), 'tsbx-shared-'));
  buildx = await buildxPeer();
});
after(async () => await rm(root, { recursive: true, force: true }));

interface Program {
  create(name: string, node: string, n: number, append: boolean): Promise<void>;
  leave(name: string, node: string): Promise<void>;
  use(name: string): Promise<void>;
  remove(name: string): Promise<void>;
}

const env = (): Record<string, string | undefined> => ({
  ...process.env,
  DOCKER_CONFIG: root,
  BUILDX_CONFIG: undefined,
  DOCKER_HOST: 'unix:///none.sock',
  DOCKER_CONTEXT: undefined,
});

const theirs: Program = {
  create: async (name, node, n, append) => {
    const more = append ? ['--append'] : [];
    await run('create', '--driver', 'remote', '--name', name, '--node', node, ...more, endpoint(n));
  },
  leave: async (name, node) => await run('create', '--leave', '--name', name, '--node', node),
  use: async (name) => await run('use', name),
  remove: async (name) => await run('rm', name),
};

async function run(...words: string[]): Promise<void> {
  const { code, stderr } = await runProgram(buildx, words, { env: env() });
  assert.equal(code, 0, `${words.join(' ')}: ${stderr}`);
}

const ours: Program = {
  create: async (name, node, n, append) => {
    await createBuilder({ env: env(), driver: 'remote', name, node, append, endpoint: endpoint(n) });
  },
  leave: async (name, node) => await leaveBuilder({ env: env(), name, node }),
  use: async (builder) => await useBuilder({ env: env(), builder }),
  remove: async (name) => await removeBuilder({ env: env(), builders: [name] }),
};

/** Adds builders and nodes and takes most of them away again; gives the node of the shared builder that stays. */
async function work(program: Program, id: string, operations: number): Promise<string> {
  let kept = '';
  for (let done = 0, n = Number.parseInt(id, 36) * 10_000; done < operations; done += 10, n += 10) {
    const [own, node] = [`own-${id}-${done}`, `${id}-${done}`];
    await program.create(own, 'a', n, false);
    await program.create('shared', `${node}-x`, n + 1, true);
    await program.create(own, 'b', n + 2, true);
    await program.use(own);
    await program.create('shared', `${node}-y`, n + 3, true);
    await program.leave('shared', `${node}-x`);
    await program.leave(own, 'a');
    await program.create(own, 'c', n + 4, true);
    await program.remove(own);
    if (kept !== '') await program.leave('shared', kept);
    else await program.use('shared');
    kept = `${node}-y`;
  }
  return kept;
}

/** What others see meanwhile is always whole. */
async function watch(signal: AbortSignal): Promise<number> {
  const files = ['instances/shared', 'current', 'activity/shared'].map((name) => join(root, 'buildx', name));
  let reads = 0;
  for (; !signal.aborted; reads++) {
    const [instance = '', current = '', activity = ''] = files.map((file) => readFileSync(file, 'utf8'));
    assert.match(instance, /^\{"Name":"shared".*"Dynamic":false\}$/);
    assert.match(current, /^\{"Key":".*","Name":".*","Global":false\}$/);
    assert.match(activity, /^\d{4}-.*Z$/);
    await setTimeout(1);
  }
  return reads;
}

it('a thousand operations by four at the same time', async () => {
  await ours.create('shared', 'first', 1, false);
  await ours.use('shared');
  const watching = new AbortController();
  const watched = watch(watching.signal);
  const kept = await Promise.all([
    work(ours, 'u', OURS / 2),
    work(ours, 'v', OURS / 2),
    work(theirs, 'a', THEIRS / 2),
    work(theirs, 'b', THEIRS / 2),
  ]);
  watching.abort();
  assert.ok((await watched) > 100);

  const names = ['first', ...kept].sort();
  const { nodes } = await inspectBuilder({ env: env(), builder: 'shared' });
  assert.deepEqual(nodes.map(({ name }) => name).sort(), names);
  const { stdout } = await runProgram(buildx, ['inspect', 'shared'], { env: env() });
  const told = [...stdout.matchAll(/^Name: +(.*)$/gm)].map(([, name = '']) => name);
  assert.deepEqual(told.sort(), ['shared', ...names].sort());
  const dir = join(root, 'buildx');
  assert.deepEqual(readdirSync(join(dir, 'instances')), ['shared']);
  assert.deepEqual(readdirSync(join(dir, 'activity')), ['shared']);
  const left = readdirSync(dir).filter(
    (name) => !['.lock', 'activity', 'current', 'defaults', 'instances', 'refs'].includes(name),
  );
  assert.deepEqual(left, []);
});
