// Where a build comes from: both programs take the same contexts and Dockerfiles, make the same images of them, and refuse
// the same ones in the same words.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { readFile, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { lastLine } from '../support/cli.ts';
import type { Ran } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { readPlain } from '../support/plain-progress.ts';

const copyAll = 'FROM scratch\nCOPY a.txt /\n';
const fromNamed = 'FROM scratch\nCOPY --from=src a.txt /\n';
const repo = {
  Dockerfile: copyAll,
  'a.txt': 'root\n',
  'sub/Dockerfile': copyAll,
  'sub/a.txt': 'sub\n',
  'low/dockerfile': copyAll,
  'low/a.txt': 'low\n',
  other: 'FROM scratch\nCOPY a.txt /other\n',
};

let peers: Peers;
let assets: AssetServer;
let place: AsyncDisposable & { readonly dir: string };
before(async () => {
  peers = await startPeers();
  place = await freshContext({
    'ctx/Dockerfile': copyAll,
    'ctx/a.txt': 'a\n',
    'ctx/named': fromNamed,
    'ctx/both': 'FROM scratch\nCOPY --from=context a.txt /\nCOPY --from=dockerfile a.txt /2\n',
    'low/dockerfile': copyAll,
    'low/a.txt': 'low\n',
    'ignoring/other.Dockerfile': 'FROM scratch\nCOPY . /\n',
    'ignoring/other.Dockerfile.dockerignore': '*\n!kept\n',
    'ignoring/.dockerignore': 'kept\n',
    'ignoring/kept': 'kept\n',
    'ignoring/gone': 'gone\n',
    'named/a.txt': 'named\n',
    'named/skipped': 'x\n',
    'named/.dockerignore': 'skipped\n',
    'tree/Dockerfile': copyAll,
    'tree/a.txt': 'tree\n',
    'tree/other': 'FROM scratch\nCOPY a.txt /other\n',
    empty: '',
    text: 'FROM scratch\nENV a=b\n',
  });
  const { dir } = place;
  await symlink('ctx', join(dir, 'link'));
  const tar = promisify(execFile);
  await tar('tar', ['--format=ustar', '-cf', join(dir, 't.tar'), '-C', join(dir, 'tree'), '.']);
  await tar('tar', ['--format=ustar', '-czf', join(dir, 't.tar.gz'), '-C', join(dir, 'tree'), '.']);
  const files = {
    Dockerfile: 'FROM scratch\nENV from=web\n',
    copying: copyAll,
    wrong: 'FROM scratch\nFOO bar\n',
    big: 'x'.repeat(3 << 20),
    't.tar.gz': await readFile(join(dir, 't.tar.gz')),
  };
  assets = await startAssetServer(files, repo);
});
after(async () => {
  await assets?.[Symbol.asyncDispose]();
  await place?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

interface InputCase {
  /** `$URL` is the server. Paths are relative to the working directory. */
  readonly args: readonly string[];
  /** A file there. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const good: readonly InputCase[] = [
  { args: ['-'], stdin: 't.tar' },
  { args: ['-f', 'other', '-'], stdin: 't.tar.gz' },
  { args: ['-f', '/other', '-'], stdin: 't.tar' },
  { args: ['-f', '$URL/copying', '-'], stdin: 't.tar' },
  { args: ['-'], stdin: 't.tar', env: { TSBUILDX_FRONTEND: 'daemon' } },
  { args: ['--build-context', 'src=named', '-'], stdin: 't.tar' },
  { args: ['-'], stdin: 'text' },
  { args: ['-f', '-', 'ctx'], stdin: 'ctx/Dockerfile' },
  { args: ['-f', '$URL/copying', 'ctx'] },
  { args: ['-f', '$URL/copying', '$URL/repo.git#main:sub'] },
  { args: ['low'] },
  { args: ['link'] },
  { args: ['-f', 'ignoring/other.Dockerfile', 'ignoring'] },
  { args: ['$URL/Dockerfile'] },
  { args: ['$URL/t.tar.gz'] },
  { args: ['$URL/repo.git#main:low'] },
  { args: ['-f', 'other', '$URL/repo.git'] },
  { args: ['$URL/repo.git?branch=main&subdir=sub'] },
  { args: ['$URL/repo.git?ref=refs/heads/main&keep-git-dir=1&submodules=0'] },
  { args: ['$URL/repo.git?branch=main&subdir=sub'], env: { BUILDX_SEND_GIT_QUERY_AS_INPUT: '1' } },
  { args: ['-f', 'ctx/named', '--build-context', 'docker.io/library/src:latest=named', 'ctx'] },
  { args: ['-f', 'ctx/both', '--build-context', 'context=named', '--build-context', 'dockerfile=tree', 'ctx'] },
  { args: ['-f', 'ctx/named', '--build-context', 'src=$URL/repo.git?subdir=sub', 'ctx'] },
  {
    args: ['-f', 'ctx/named', '--build-context', 'src=$URL/repo.git?subdir=sub', 'ctx'],
    env: { BUILDX_SEND_GIT_QUERY_AS_INPUT: '1' },
  },
];

const refused: readonly InputCase[] = [
  { args: ['-f', 'x', '-'], stdin: 'text' },
  { args: ['-f', '-', '-'], stdin: 'text' },
  { args: ['-f', '$URL/nope', 'ctx'] },
  { args: ['-f', '$URL/big', 'ctx'] },
  { args: ['-f', '$URL/wrong', 'ctx'] },
  { args: ['$URL/nope'] },
  { args: ['nowhere'] },
  { args: ['empty'] },
  { args: ['./nowhere.git'] },
  { args: ['-f', 'nope', 'ctx'] },
  { args: ['-f', 'nope/sub/x', 'ctx'] },
  { args: ['-f', 'empty/x', 'ctx'] },
  { args: ['-f', 'nope', '$URL/repo.git'] },
  { args: ['$URL/repo.git#nope'] },
  { args: ['$URL/repo.git?nope=1'] },
  { args: ['--build-context', 'src', 'ctx'] },
  { args: ['--build-context', 'SRC=named', 'ctx'] },
  { args: ['--build-context', 'src=nope', 'ctx'] },
  { args: ['--build-context', 'src=', 'ctx'] },
  { args: ['--build-context', 'src=target:base', 'ctx'] },
  { args: ['-f', 'ctx/named', '--build-context', 'src=docker-image://UPPER', 'ctx'] },
  { args: ['-f', 'ctx/named', '--build-context', 'src=$URL/repo.git?nope=1', 'ctx'] },
];

async function runBoth(
  { args, stdin, env = {} }: InputCase,
  { atOnce }: { readonly atOnce: boolean },
): Promise<readonly [theirs: Ran, ours: Ran]> {
  const words = ['build', '--progress', 'plain', ...args.map((arg) => arg.replace('$URL', assets.url))];
  const options = () => ({
    cwd: place.dir,
    env,
    stdin: stdin === undefined ? undefined : createReadStream(join(place.dir, stdin)),
  });
  const run = (side: Side): Promise<Ran> => peers.run(side, words, options());
  if (atOnce) return await Promise.all([run('theirs'), run('ours')]);
  const theirs = await run('theirs');
  return [theirs, await run('ours')];
}

const nameOf = ({ args, stdin, env = {} }: InputCase): string =>
  [...Object.entries(env).map((pair) => pair.join('=')), 'build', ...args, ...(stdin ? ['<', stdin] : [])].join(' ');

/** Digests of the manifest and the config that were exported: they stand for every byte of the image. */
function exportedBy({ stderr }: Ran): readonly string[] {
  return [...new Set(stderr.match(/exporting (?:manifest|config) sha256:[0-9a-f]{64}/g))].sort();
}

const stepNames = ({ stderr }: Ran): readonly string[] => Object.keys(readPlain(stderr).steps).sort();

describe('contexts and Dockerfiles that are taken', () => {
  for (const input of good) {
    it(nameOf(input), async () => {
      // The second finds in the cache what the first has made.
      const [theirs, ours] = await runBoth(input, { atOnce: false });
      assert.equal(theirs.code, 0, theirs.stderr);
      assert.equal(ours.code, 0, ours.stderr);
      assert.deepEqual(stepNames(ours), stepNames(theirs));
      assert.equal(exportedBy(theirs).length, 2);
      assert.deepEqual(exportedBy(ours), exportedBy(theirs));
    });
  }
});

describe('contexts and Dockerfiles that are refused', () => {
  for (const input of refused) {
    it(nameOf(input), async () => {
      const [theirs, ours] = await runBoth(input, { atOnce: true });
      assert.notEqual(theirs.code, 0, theirs.stderr);
      assert.equal(ours.code, theirs.code, ours.stderr);
      assert.equal(ours.stdout, theirs.stdout);
      assert.equal(lastLine(ours.stderr), lastLine(theirs.stderr));
      assert.deepEqual(stepNames(ours), stepNames(theirs));
    });
  }
});
