// `imagetools`: both programs show the same of an image, make the same of several, and refuse in the same words.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { binaryPath } from '../support/cli.ts';
import { runProgram } from '../support/engine.ts';
import { buildxPeer } from '../../scripts/engine/bundles.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { startRegistry, startTokenServer, type TestRegistry, type TokenServer } from '../support/registry.ts';
import { TestRepository } from '../support/registry-images.ts';

const sides = ['theirs', 'ours'] as const satisfies readonly Side[];

let peers: Peers;
let tokens: TokenServer;
let registry: TestRegistry;
let guarded: TestRegistry;
let dir: string;
before(async () => {
  peers = await startPeers();
  dir = await mkdtemp(join(tmpdir(), 'tsbx-imagetools-'));
  tokens = await startTokenServer();
  registry = await startRegistry({ kind: 'basic' });
  guarded = await startRegistry({ kind: 'token', realm: tokens.realm });
  const auths = [registry, guarded].map(({ config }) => (JSON.parse(config) as { auths: object }).auths);
  await writeFile(
    join(peers.configDir, 'config.json'),
    JSON.stringify({ auths: Object.assign({}, ...auths) as object }),
  );
  const team = new TestRepository(registry.host, 'team/app');
  await team.putImage('one', { platforms: ['linux/amd64'] });
  await team.putImage('multi', {
    salt: 'multi',
    platforms: ['linux/amd64', 'linux/arm64', 'linux/arm/v7'],
    annotations: { who: 'me <x>' },
  });
  await team.putImage('attested', { platforms: ['linux/amd64', 'linux/arm64'], attested: true });
  await team.putImage('attested-one', { platforms: ['linux/amd64'], attested: true });
});
after(async () => {
  for (const resource of [registry, guarded, tokens, peers]) await resource?.[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

interface Outcome {
  readonly code: number | null;
  /** As lines without their order where annotations are among them: Go gives these in no order. */
  readonly stdout: string | readonly string[];
  readonly stderr: string;
}

/** What a row of words gives, with the names of the test's own in place of ports. */
async function outcome(side: Side, words: readonly string[]): Promise<Outcome> {
  const args = words.map((word) => word.replaceAll('HOST', registry.host).replaceAll('GUARDED', guarded.host));
  const { code, stdout, stderr } = await peers.run(side, ['imagetools', ...args], { cwd: dir });
  const plain = (text: string): string => text.replaceAll('docker-tsbuildx', 'docker-buildx');
  return { code, stdout: words.length === 2 ? stdout.split('\n').sort() : stdout, stderr: plain(stderr) };
}

function sameFrom(rows: readonly (readonly string[])[]): void {
  for (const words of rows) {
    it(words.join(' '), async () => {
      const [theirs, ours] = [await outcome('theirs', words), await outcome('ours', words)];
      assert.deepEqual(ours, theirs);
    });
  }
}

describe('inspect', () => {
  const formats = ['{{json .}}', '{{json .Manifest}}', '{{json .Image}}', '{{json .SBOM}}', '{{json .Provenance}}'];
  for (const tag of ['one', 'multi', 'attested', 'attested-one']) {
    const name = `HOST/team/app:${tag}`;
    sameFrom([
      ['inspect', name],
      ['inspect', '--raw', name],
      ...formats.map((format) => ['inspect', '--format', format, name]),
    ]);
  }
  sameFrom([
    ['inspect', '--format', '{{.Image}} {{.Name}}', 'HOST/team/app:one'],
    ['inspect', '--format', '{{ .Manifest }}', 'HOST/team/app:multi'],
    [
      'inspect',
      '--format',
      '{{range .Manifest.Manifests}}{{.Digest}} {{.Platform}}{{println}}{{end}}',
      'HOST/team/app:multi',
    ],
    ['inspect', '--format', '{{.Nope}}', 'HOST/team/app:one'],
    ['inspect', '--format', 'a{{.Name}} {{.SBOM.SPDX.name}}', 'HOST/team/app:attested'],
    ['inspect', '--format', '{{join .Name ","}}', 'HOST/team/app:one'],
    ['inspect', '--format', 'x{{', 'HOST/team/app:one'],
    ['inspect', '--format', '{{.Name}}', '--raw', 'HOST/team/app:one'],
    ['inspect', 'HOST/team/app:none'],
    ['inspect', 'HOST/Team/app'],
    ['inspect', '--builder', 'none', 'HOST/team/app:one'],
  ]);
});

describe('create', () => {
  sameFrom([
    ['create', '--dry-run', 'HOST/team/app:one'],
    ['create', '--dry-run', '--prefer-index=false', 'HOST/team/app:one'],
    ['create', '--dry-run', 'HOST/team/app:one', 'HOST/team/app:multi'],
    ['create', '--dry-run', '--append', '-t', 'HOST/team/app:attested', 'HOST/team/app:multi'],
    [
      'create',
      '--dry-run',
      '--annotation',
      'index:a=<b>',
      '--annotation',
      'manifest-descriptor[linux/arm64]:k=v',
      'HOST/team/app:attested',
    ],
    ['create', '--dry-run', '-p', 'linux/arm64', 'HOST/team/app:attested'],
    ['create', '--dry-run', '-p', 'linux/arm64,linux/amd64', 'HOST/team/app:multi'],
    ['create', '--dry-run', '-p', 'linux/s390x', 'HOST/team/app:multi'],
    ['create', '--dry-run', '-p', 'lin*ux', 'HOST/team/app:one'],
    ['create', '--dry-run', '--annotation', 'a=b', 'HOST/team/app:multi'],
    ['create', '--dry-run', '--annotation', 'none', 'HOST/team/app:multi'],
    ['create', '--dry-run', 'sha256:12', 'HOST/team/app:one'],
    ['create', '--dry-run', `sha256:${'1'.repeat(64)}`],
    ['create', '--dry-run', 'HOST/a:1', 'HOST/b:1', `sha256:${'1'.repeat(64)}`],
    ['create', '--dry-run', '-f', 'none.json'],
    ['create', 'HOST/team/app:one'],
    ['create'],
  ]);

  it('gives the same image in other repositories and registries', async () => {
    const found: unknown[] = [];
    for (const side of sides) {
      const names = [`HOST/${side}/a:1`, `GUARDED/${side}/b:1`];
      const tags = names.flatMap((name) => ['-t', name]);
      const words = ['create', '--progress', 'quiet', ...tags, 'HOST/team/app:attested', 'HOST/team/app:multi'];
      const { code, stderr } = await outcome(side, words);
      assert.equal(code, 0, stderr);
      const raw = await Promise.all(names.map(async (name) => await outcome('theirs', ['inspect', '--raw', name])));
      found.push({ made: code, raw });
    }
    assert.deepEqual(found[1], found[0]);
  });

  it('tells its steps', async () => {
    const { code, stderr } = await peers.run('ours', [
      'imagetools',
      'create',
      '--progress',
      'plain',
      '--metadata-file',
      join(dir, 'metadata.json'),
      '-t',
      `${registry.host}/told/a:1`,
      `${registry.host}/team/app:multi`,
    ]);
    assert.equal(code, 0, stderr);
    const metadata = JSON.parse(await readFile(join(dir, 'metadata.json'), 'utf8')) as Record<string, unknown>;
    assert.deepEqual(Object.keys(metadata), ['containerimage.descriptor', 'image.name']);
    assert.equal(metadata['image.name'], `${registry.host}/told/a`);
    assert.match(stderr, /^#1 \[internal\] pushing \S+\/told\/a$/m);
    assert.match(stderr, /^#1 [\d.]+ copying sha256:\S+ from \S+\/team\/app:multi to \S+\/told\/a$/m);
    assert.match(stderr, /^#1 [\d.]+ pushing sha256:\S+ to \S+\/told\/a:1$/m);
  });
});

it('images that both programs have built are shown alike', async () => {
  await using context = await freshContext({
    Dockerfile: 'FROM scratch\nCOPY hello /\nLABEL a=b\nENV c=d\n',
    hello: 'hello\n',
  });
  for (const side of sides) {
    const name = `${registry.host}/built/${side}:1`;
    const platforms = side === 'ours' ? 'linux/amd64' : 'linux/amd64,linux/arm64';
    const { code, stderr } = await peers.build(side, context.dir, ['--push', '-t', name, '--platform', platforms]);
    assert.equal(code, 0, stderr);
    for (const format of ['{{json .}}', '{{json .Provenance}}']) {
      const words = ['inspect', '--format', format, name];
      assert.deepEqual(await outcome('ours', words), await outcome('theirs', words));
    }
  }
});

describe('the group', () => {
  const rows = [
    '',
    '--help',
    'foo',
    'foo --bar',
    'foo --help',
    '--bar',
    'inspect',
    'inspect a b',
    'inspect --bogus a',
    'inspect --help',
  ];
  for (const [mode, before_, env] of [
    ['by its own name', [], {}],
    ['called by docker', ['buildx'], { DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND: '/usr/bin/docker' }],
  ] as const) {
    for (const row of rows) {
      it(`${mode}: imagetools ${row}`, async () => {
        const words = [...before_, 'imagetools', ...row.split(' ').filter((word) => word !== '')];
        const settings = { env: { ...peers.env, ...env } };
        const theirs = await runProgram(await buildxPeer(), words, settings);
        const ours = await runProgram(binaryPath(), words, settings);
        const plain = (text: string): string =>
          text.replaceAll('docker-tsbuildx', 'docker-buildx').replace(/\nExperimental commands and flags.*\n/, '');
        assert.equal(plain(ours.stdout), plain(theirs.stdout));
        assert.equal(plain(ours.stderr), plain(theirs.stderr));
        assert.equal(ours.code, theirs.code);
      });
    }
  }
});
