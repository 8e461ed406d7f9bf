// Which builder is meant, in every state of flags, environment, contexts and files: the same one as for Go's buildx.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { build, inspectBuilder } from '../../src/index.ts';
import { lastLine } from '../support/cli.ts';
import { runProgram } from '../support/engine.ts';
import { writeAt } from '../support/state-peers.ts';

const HOST = 'unix:///none/a.sock';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface State {
  /** The file `current`; undefined for none. */
  readonly current?: { readonly Key: string; readonly Name: string; readonly Global: boolean } | undefined;
  /** Default builders by engine. */
  readonly defaults?: Readonly<Record<string, string>>;
  readonly currentContext?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** `--builder`. */
  readonly builder?: string | undefined;
}

let root: string;
let buildx: string;
before(async () => {
  root = mkdtempSync(join(tmpdir(), 'tsbx-choose-'));
  buildx = await buildxPeer();
});
after(() => rmSync(root, { recursive: true }));

function writeState(dir: string, { current, defaults = {}, currentContext }: State): void {
  const builders = { mine: 'mine', second: 'second', both: 'both' };
  for (const [file, name] of Object.entries(builders)) {
    const nodes = [
      { Name: `${name}0`, Endpoint: 'tcp://127.0.0.1:1', Platforms: null, DriverOpts: null, Flags: null, Files: null },
    ];
    writeAt(
      join(dir, 'buildx/instances', file),
      JSON.stringify({ Name: name, Driver: 'remote', Nodes: nodes, Dynamic: false }),
    );
  }
  writeAt(join(dir, 'buildx/instances/broken'), '{');
  for (const name of ['other', 'both']) {
    const meta = {
      Name: name,
      Metadata: {},
      Endpoints: { docker: { Host: 'unix:///none/b.sock', SkipTLSVerify: false } },
    };
    writeAt(join(dir, 'contexts/meta', sha256(name), 'meta.json'), JSON.stringify(meta));
  }
  if (current !== undefined) writeAt(join(dir, 'buildx/current'), JSON.stringify(current));
  for (const [key, name] of Object.entries(defaults))
    writeAt(join(dir, 'buildx/defaults', sha256(key).slice(0, 20)), name);
  writeAt(join(dir, 'config.json'), JSON.stringify({ currentContext }));
}

function environment(dir: string, { env = {} }: State): Record<string, string | undefined> {
  const none = {
    DOCKER_HOST: undefined,
    DOCKER_CONTEXT: undefined,
    BUILDX_BUILDER: undefined,
    BUILDX_CONFIG: undefined,
  };
  return { ...process.env, ...none, DOCKER_CONFIG: dir, ...env };
}

/** The name of the builder, or why there is none. */
async function theirs(dir: string, state: State): Promise<string> {
  const words = ['inspect', ...(state.builder === undefined ? [] : ['--builder', state.builder])];
  const { stdout, stderr } = await runProgram(buildx, words, { env: environment(dir, state) });
  return /^Name: +(.*)$/m.exec(stdout)?.[1] ?? lastLine(stderr).replace('ERROR: ', '');
}

async function ours(dir: string, state: State): Promise<string> {
  try {
    return (await inspectBuilder({ env: environment(dir, state), builder: state.builder })).name;
  } catch (error) {
    assert.ok(error instanceof Error);
    return error.message.replace(/^unable to resolve docker endpoint: /, '');
  }
}

async function both(
  state: State,
  work: (of: typeof ours, dir: string) => Promise<string[]>,
): Promise<readonly string[]> {
  const [a, b] = [join(root, 'theirs'), join(root, 'ours')];
  for (const dir of [a, b]) {
    rmSync(dir, { recursive: true, force: true });
    writeState(dir, state);
  }
  const [wanted, got] = await Promise.all([work(theirs, a), work(ours, b)]);
  const plain = (texts: string[], dir: string): string[] => texts.map((text) => text.replaceAll(dir, 'DIR'));
  assert.deepEqual(plain(got, b), plain(wanted, a), JSON.stringify(state));
  return got;
}

const engines: readonly Omit<State, 'builder'>[] = [
  {},
  { env: { DOCKER_HOST: HOST } },
  { env: { DOCKER_CONTEXT: 'other' } },
  { env: { DOCKER_CONTEXT: 'default' } },
  { env: { DOCKER_CONTEXT: 'both' } },
  { env: { DOCKER_HOST: HOST, DOCKER_CONTEXT: 'other' } },
  { currentContext: 'other' },
  { currentContext: 'other', env: { DOCKER_HOST: HOST } },
  { currentContext: 'both', env: { DOCKER_CONTEXT: 'other' } },
];

const keys = ['unix:///var/run/docker.sock', HOST, 'other', 'both'];

describe('without a name', () => {
  const currents: readonly State['current'][] = [
    undefined,
    ...keys.map((Key) => ({ Key, Name: 'mine', Global: false })),
    { Key: 'elsewhere', Name: 'mine', Global: true },
    { Key: 'elsewhere', Name: 'gone', Global: true },
    { Key: HOST, Name: 'gone', Global: false },
    { Key: HOST, Name: 'broken', Global: false },
    { Key: HOST, Name: '', Global: false },
  ];
  for (const current of currents) {
    it(`current: ${JSON.stringify(current)}`, async () => {
      for (const engine of engines) {
        await both({ ...engine, current }, async (of, dir) => [await of(dir, engine)]);
      }
    });
  }

  it('defaults', async () => {
    for (const current of [
      undefined,
      { Key: 'other', Name: 'mine', Global: false },
      { Key: HOST, Name: '', Global: false },
    ]) {
      for (const name of ['second', 'gone']) {
        const state = { current, defaults: { [HOST]: name, both: name } };
        for (const engine of engines.slice(1, 6)) {
          await both({ ...engine, ...state }, async (of, dir) => [await of(dir, engine)]);
        }
      }
    }
  });

  it('and what was chosen for another engine is forgotten', async () => {
    const [here, there] = [{ env: { DOCKER_HOST: HOST } }, { env: { DOCKER_CONTEXT: 'other' } }];
    const current = { Key: HOST, Name: 'mine', Global: false };
    const visit = async (of: typeof ours, dir: string): Promise<string[]> => [
      await of(dir, here),
      await of(dir, { ...there, builder: 'second' }),
      await of(dir, here),
      await of(dir, there),
      await of(dir, here),
    ];
    assert.deepEqual(await both({ current }, visit), ['mine', 'second', 'mine', 'other', 'default']);
    const withDefault = { current, defaults: { other: 'second' } };
    assert.deepEqual(await both(withDefault, visit), ['mine', 'second', 'mine', 'second', 'default']);
    const file = (name: string): unknown => JSON.parse(readFileSync(join(root, name, 'buildx/current'), 'utf8'));
    const withBoth = { current: { Key: 'x', Name: 'mine', Global: false }, defaults: { other: 'second' } };
    await both(withBoth, async (of, dir) => [await of(dir, there)]);
    assert.deepEqual(file('ours'), file('theirs'));
  });
});

it('with a name', async () => {
  for (const builder of ['mine', 'MINE', 'other', 'both', 'default', 'nobody', 'x!', '']) {
    for (const engine of engines.slice(1, 5)) {
      const current = { Key: HOST, Name: 'second', Global: false };
      await both({ ...engine, current }, async (of, dir) => [await of(dir, { ...engine, builder })]);
    }
  }
});

it('BUILDX_BUILDER', async () => {
  for (const [name, builder] of [['mine'], ['mine', 'second'], ['mine', ''], ['other'], ['nobody'], ['']]) {
    const state = { env: { DOCKER_HOST: HOST, BUILDX_BUILDER: name ?? '' }, builder };
    await both(state, async (of, dir) => [await of(dir, state)]);
  }
});

it('a context that is not there', async () => {
  const dir = join(root, 'gone');
  writeState(dir, {});
  for (const builder of [undefined, 'mine']) {
    const state = { env: { DOCKER_CONTEXT: 'gone' }, builder };
    for (const ask of [theirs, ours]) assert.match(await ask(dir, state), /(builder|context) "gone".* (not )?found/);
  }
});

it('builds only on the engine of the current context', async () => {
  const dir = join(root, 'build');
  writeState(dir, {});
  for (const [builder, env] of [
    ['other', { DOCKER_HOST: HOST }],
    ['default', { DOCKER_CONTEXT: 'other' }],
  ] as const) {
    const state = { env, builder };
    const context = { kind: 'local', path: dir } as const;
    const { stderr } = await runProgram(buildx, ['build', '--builder', builder, dir], { env: environment(dir, state) });
    await assert.rejects(build({ context, builder, env: environment(dir, state) }), {
      message: lastLine(stderr).replace('ERROR: ', ''),
    });
  }
});
