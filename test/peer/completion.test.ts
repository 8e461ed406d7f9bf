// What shells are told: the same answers as docker-buildx's, for both ways to call it.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { commands } from '../../src/cli/commands/index.ts';
import { complete } from '../../src/cli/completion/complete.ts';
import { directiveText } from '../../src/cli/completion/completions.ts';
import { rootFlags } from '../../src/cli/program.ts';
import { runProgram } from '../support/engine.ts';

let configDir: string;
let peer: string;

before(async () => {
  peer = await buildxPeer();
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-completion-'));
  await writeFile(join(configDir, 'config.json'), '{}');
  await mkdir(join(configDir, 'buildx/instances'), { recursive: true });
  for (const name of ['dead', 'far']) {
    const builder = { Name: name, Driver: 'remote', Nodes: [{ Name: `${name}0`, Endpoint: 'tcp://127.0.0.1:1' }] };
    await writeFile(join(configDir, 'buildx/instances', name), JSON.stringify(builder));
  }
});
after(async () => await rm(configDir, { recursive: true, force: true }));

type Mode = 'plugin' | 'standalone';

/** Commands that only one of the two programs has. */
const notShared = /^(?:history|imagetools|llb|frontend)$/;

/** Flags that the peer does not have are newer than it, or our own. */
function withoutOwnFlags(answer: readonly string[], other: readonly string[]): string[] {
  return answer.filter((value) => !value.startsWith('-') || other.includes(value));
}

async function theirs(words: readonly string[], mode: Mode): Promise<string[]> {
  const isPlugin = mode === 'plugin';
  const env = {
    DOCKER_CONFIG: configDir,
    DOCKER_HOST: 'unix:///nowhere.sock',
    BUILDX_BUILDER: undefined,
    DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: isPlugin ? '/usr/bin/docker' : undefined,
  };
  const args = ['__complete', ...(isPlugin ? ['buildx'] : []), ...words];
  const { stdout, stderr } = await runProgram(peer, args, { env });
  const values = stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
  return [...values.filter((value) => !notShared.test(value)), ...stderr.trimEnd().split('\n')];
}

async function ours(words: readonly string[], mode: Mode): Promise<string[]> {
  const called = { mode, path: 'docker-buildx', docker: { configDir, host: 'unix:///nowhere.sock' } };
  const known = { commands, rootFlags };
  const { values, directive, complaint } = await complete(words, known, called, new AbortController().signal);
  return [
    ...values.map(({ value }) => value).filter((value) => !notShared.test(value)),
    `:${directive}`,
    ...(complaint === undefined ? [] : [`[Debug] [Error] ${complaint}`]),
    `Completion ended with directive: ${directiveText(directive)}`,
  ];
}

// one command line each; the last word is being typed
const lines = `
|b|u|zz|-|--|--bu|-x
build |build x |build --b|build --builder |build --builder d|build --builder=d|build --tag a --ta|build -q --qu
build --quiet -q|build -- -|build . --lo|build . -- --lo|build --help |build --help --l|build --nope |build --nope=
build --nope --b|build -x |build --builder|build -qt|build -qt x --ta|b --tar|build -
--builder |--builder=de|--builder dead use |use |use f|use --|inspect |inspect d|inspect default |inspect --
rm |rm dead |rm --|rm -|rm --f|stop |stop --|ls |ls --|ls -|du |du --|du --filter x=y --f|prune |prune --|prune -
create |create --|version |version -|install |uninstall |dial-stdio --|nope |nope nope |help |help b
bake |bake x |bake --nope |completion |completion b|completion bash `
  .trimStart()
  .split(/[|\n]/)
  .map((line) => line.split(' '));

describe('the same answer', () => {
  for (const mode of ['plugin', 'standalone'] as const) {
    it(`to ${lines.length} command lines, ${mode}`, async () => {
      for (let at = 0; at < lines.length; at += 4) {
        await Promise.all(
          lines.slice(at, at + 4).map(async (words) => {
            if (mode === 'plugin' && words[0] === 'completion') return;
            const expected = await theirs(words, mode);
            const answer = withoutOwnFlags(await ours(words, mode), expected);
            assert.deepEqual({ words, answer }, { words, answer: expected });
          }),
        );
      }
    });
  }
});
