// Dockerfiles as people write them: what one program has built, the other finds in the cache, to the last step.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { type BuildSteps, stepsOf } from '../support/build-steps.ts';
import { baseImage } from '../support/engine.ts';
import { type Peers, type Side, startPeers } from '../support/peers.ts';

const corpus = join(import.meta.dirname, 'corpus');

/** Targets of the toolbox, and the images that each stands for. */
const baseImages: Readonly<Record<string, readonly string[]>> = {
  tools: [
    'alpine:3.20',
    'alpine:latest',
    'composer:2',
    'debian:bookworm',
    'debian:bookworm-slim',
    'eclipse-temurin:21-jre',
    'gcc:14',
    'gcr.io/distroless/base-debian12:nonroot',
    'ghcr.io/astral-sh/uv:0.5.1',
    'golang:1.24',
    'golang:1.24-alpine',
    'gradle:8-jdk21',
    'maven:3-eclipse-temurin-21',
    'mcr.microsoft.com/dotnet/aspnet:8.0',
    'mcr.microsoft.com/dotnet/sdk:8.0',
    'php:8.3-apache',
    'python:3.13-slim',
    'redis:7',
    'ruby:3.4.1-slim',
    'rust:1.84',
    'ubuntu:24.04',
    'wordpress:6-php8.3-fpm',
  ],
  node: ['node:22-alpine'],
  nginx: ['nginx:alpine'],
  postgres: ['postgres:17-alpine'],
  onbuild: ['acme/node-onbuild:1'],
};

/** What some of them are built with; $ASSETS is the server of assets. */
const flags: Readonly<Record<string, readonly string[]>> = {
  'arg-scopes': ['--build-arg', 'OVERRIDE=given', '--build-arg', 'HTTP_PROXY=http://proxy.invalid'],
  epoch: ['--build-arg', 'SOURCE_DATE_EPOCH=1700000000'],
  'git-source': ['--build-arg', 'GIT=$ASSETS'],
  'go-scratch': ['--build-arg', 'VERSION=1.4.2', '--label', 'org.opencontainers.image.version=1.4.2'],
  'go-static': ['--platform', 'linux/amd64'],
  'multi-target': ['--target', 'release'],
  'named-base-replaced': ['--build-context', 'debian:bookworm-slim=docker-image://nginx:alpine'],
  'named-contexts': [
    '--build-context=base-image=docker-image://python:3.13-slim',
    '--build-context=extra=docs',
    '--build-context=tools=docker-image://rust:1.84',
  ],
  'network-security': ['--add-host', 'db.example.com=10.0.0.5', '--shm-size', '64m', '--ulimit', 'nofile=1024:2048'],
  'pnpm-monorepo': ['--target', 'web'],
  'remote-files': ['--build-arg', 'ASSETS=$ASSETS'],
};

const names = (await readdir(corpus)).filter((name) => name.endsWith('.Dockerfile')).map((name) => name.slice(0, -11));

let peers: Peers;
let assets: AssetServer;
before(async () => {
  peers = await startPeers();
  assets = await startAssetServer(
    {
      'plain.txt': '#!/bin/sh\necho plain\n',
      'pinned.txt': 'pinned\n',
      'archive.tar.gz': await archive(),
    },
    { 'src/main.c': 'int main(void) { return 0; }\n', 'sub/file': 'sub\n' },
  );
});
after(async () => {
  await assets[Symbol.asyncDispose]();
  await peers[Symbol.asyncDispose]();
});

async function archive(): Promise<Buffer> {
  const options = ['-C', join(corpus, 'project'), '--mtime=@1700000000', '--owner=0', '--group=0'];
  const { stdout } = await promisify(execFile)('tar', ['-cz', ...options, 'config', 'README.md'], {
    encoding: 'buffer',
  });
  return stdout;
}

/** A copy of the project, and base images that no build has seen: nothing is in a cache. */
async function startRound(): Promise<AsyncDisposable & { readonly dir: string }> {
  const dir = await mkdtemp(join(tmpdir(), 'tsbx-corpus-'));
  const project = join(dir, 'shop');
  await cp(join(corpus, 'project'), project, { recursive: true });
  await writeFile(join(project, 'archive.tar.gz'), await archive());
  const toolbox = join(dir, 'toolbox');
  await mkdir(toolbox);
  await cp(join(corpus, 'toolbox'), toolbox, { recursive: true });
  await writeFile(join(toolbox, 'round'), crypto.randomUUID());
  for (const [target, tags] of Object.entries(baseImages)) {
    const args = ['--build-arg', `BASE=${baseImage}`, '--target', target, ...tags.flatMap((tag) => ['-t', tag])];
    const built = await peers.build('theirs', toolbox, args);
    assert.equal(built.code, 0, built.stderr);
  }
  return { dir: project, [Symbol.asyncDispose]: async () => await rm(dir, { recursive: true, force: true }) };
}

interface CaseBuilt {
  readonly steps: BuildSteps;
  readonly digest: unknown;
}

async function buildCase(side: Side, dir: string, name: string): Promise<CaseBuilt> {
  const args = (flags[name] ?? []).map((arg) => arg.replace('$ASSETS', assets.url));
  const metadata = join(dir, '..', `${side}-${name}.json`);
  const options = ['--progress', 'rawjson', '--metadata-file', metadata, '-f', join(corpus, `${name}.Dockerfile`)];
  const { code, stderr } = await peers.run(side, ['build', ...options, ...args, '.'], {
    cwd: dir,
    env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' },
  });
  assert.equal(code, 0, stderr);
  const told = JSON.parse(await readFile(metadata, 'utf8')) as Readonly<Record<string, unknown>>;
  return { steps: stepsOf(stderr), digest: told['containerimage.digest'] };
}

for (const [first, second] of [
  ['theirs', 'ours'],
  ['ours', 'theirs'],
] as const satisfies readonly (readonly [Side, Side])[]) {
  describe(`corpus: ${second} after ${first}`, () => {
    let round: Awaited<ReturnType<typeof startRound>>;
    before(async () => {
      round = await startRound();
    });
    after(async () => {
      await round[Symbol.asyncDispose]();
    });
    for (const name of names) {
      it(name, async () => {
        const { steps, digest } = await buildCase(first, round.dir, name);
        const all = [...steps.cached, ...steps.done].sort();
        assert.notDeepEqual(all, []);
        const again = await buildCase(second, round.dir, name);
        assert.deepEqual(again.steps, { cached: all, done: [] });
        assert.equal(again.digest, digest);
        assert.match(String(digest), /^sha256:/);
      });
    }
  });
}
