// The build cache as both programs show and prune it, and the lists that `--format` shapes.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { diskUsage, prune } from '../../src/index.ts';
import { startBuildkitd, type TestBuildkitd } from '../support/buildkitd.ts';
import { baseImage, type Ran, startEngine } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
let buildkitd: TestBuildkitd;

before(async () => {
  // pruning must not take the cache of other tests away
  peers = await startPeers(await startEngine());
  buildkitd = await startBuildkitd(peers.engine);
  await mkdir(join(peers.configDir, 'buildx/instances'), { recursive: true });
  const remote = (name: string): object => ({ Name: name, Endpoint: buildkitd.tcp, Platforms: null });
  const builder = { Name: 'pair', Driver: 'remote', Nodes: [remote('pair0'), remote('pair1')], Dynamic: false };
  await writeFile(join(peers.configDir, 'buildx/instances/pair'), JSON.stringify(builder));
  await fillCache();
  // a daemon measures records when it is first asked
  await peers.run('theirs', ['du']);
});
after(async () => {
  await buildkitd?.[Symbol.asyncDispose]();
  await peers?.[Symbol.asyncDispose]();
});

async function fillCache(): Promise<void> {
  const text = `FROM ${baseImage}\nRUN --mount=type=cache,target=/c echo one > /one\nRUN echo two > /two\nCOPY a /a\n`;
  await using context = await freshContext({ Dockerfile: text, a: 'x'.repeat(50_000) });
  const { code, stderr } = await peers.run('theirs', ['build', context.dir]);
  assert.equal(code, 0, stderr);
}

async function run(side: Side, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  const { stdout, stderr, code } = await peers.run(side, args, { env });
  return { code, stdout: plain(stdout), stderr: plain(stderr).replaceAll('docker-buildx', 'docker-tsbuildx') };
}

/** Without how long ago something was. */
function plain(text: string): string {
  return text.replace(/(?:Less than a second|About a minute|\d+ (?:second|minute)s?) ago/g, 'AGO');
}

async function compare(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Ran> {
  const ours = await run('ours', args, env);
  const theirs = await run('theirs', args, env);
  assert.deepEqual({ args, ...ours }, { args, ...theirs });
  return ours;
}

/** One after the other: a record counts as in use while somebody else looks at it. */
async function compareAll(lines: readonly (readonly string[])[]): Promise<void> {
  for (const line of lines) await compare(line);
}

const usageTemplates = [
  'json',
  'pretty',
  'table',
  '{{json .}}',
  '{{.ID}} {{.Size}} {{.Shared}} {{len .Parents}} {{range .Parents}}{{.}} {{end}}',
  'table {{.ID}}\\t{{.Parents}}\\t{{.CreatedAt}}\\t{{.Mutable}}\\t{{.Reclaimable}}\\t{{.Shared}}\\t{{.Size}}',
  'table {{.Type}}\\t{{.UsageCount}}\\t{{.Description}}',
  'table {{upper .Type}}\\t{{title .Description}}\\t{{json .Parents}}',
  'table {{truncate .ID 5}}|{{pad .Size 3 3}}|{{join .Parents ";"}}',
  'table {{.ID.Nope}}',
  '{{.Nope}}',
  '{{.du}}',
  '{{printf "%-30s|%6d|%v|%q|%t" .ID .UsageCount .Parents .Type .Mutable}}',
  '{{printf "%T %T %T %T" . .Parents .UsageCount .Mutable}}',
  '{{if .Parents}}{{index .Parents 0}}{{else}}none{{end}}',
  '{{if and .Mutable (eq .Type "source.local")}}local{{else if .Shared}}shared{{end}}',
  '{{range $i, $p := .Parents}}{{$i}}={{$p}};{{else}}-{{end}}',
  '{{len .ID}} {{slice .ID 0 4}} {{html .Description}} {{js .Description}} {{urlquery .Description}}',
  '{{$x := .ID}}{{$x}}\\n{{.Type | upper | printf "%q"}}',
  '{{.CreatedAt}} {{.LastUsedAt}}',
];

const builderTemplates = [
  'json',
  'table',
  'table {{.Name}}',
  'table {{.Name}}\\t{{.Status}}\\t{{.Error}}',
  'table {{.Name}}\\t{{.LastActivity}}\\t{{lower .Status}}',
  'table {{.Name | printf "%-20s"}}|{{.Status}}',
  'table {{range split .Platforms ", "}}{{.}} {{end}}',
  'tables {{.Name}}',
  '{{.Name}}\\n{{.Status}}\\n',
  '{{json .}}',
  '{{json .Name}} {{.DriverEndpoint}} {{.Buildkit}} {{.Platforms}}',
  '{{json .Builder}}',
  '{{.Builder.Name}} {{.Builder.Current}} {{.Builder.Driver}}',
  '{{.node}}',
  '{{.Nope}}',
  '{{if eq .Status "running"}}{{.Name}}{{end}}',
  '{{join (split .Platforms ", ") ";"}}',
  '{{.Name',
  '',
];

describe('du', () => {
  it('shows the same in every format', async () => {
    await compareAll([['du'], ['du', '--verbose'], ...usageTemplates.map((format) => ['du', '--format', format])]);
    assert.match(
      (await compare(['du'])).stdout,
      /^ID +RECLAIMABLE +SIZE +LAST ACCESSED\n[\s\S]*^Total:\t+[\d.]+[kM]B\n$/m,
    );
  });

  it('shows what filters take', async () => {
    const filters = [
      'type=regular',
      'type!=regular',
      'Type = regular',
      'description~=local source',
      'mutable=true',
      'immutable=true',
      'inuse=true',
      'shared=true',
      'private=true',
      'id=zzz',
      'until=24h',
      'nope=1',
      '',
      'type',
      'until=x',
    ];
    await compareAll([
      ...filters.map((filter) => ['du', '--filter', filter]),
      ['du', '--filter', 'type=regular', '--filter', 'shared=false', '--verbose'],
      ['du', '--filter', 'until=1h', '--filter', 'unused-for=2h'],
      ['du', '--format', 'json', '--verbose'],
      ['du', 'x'],
      ['du', '--builder', 'nope'],
    ]);
  });

  it('goes over all nodes of a builder', async () => {
    await compare(['du', '--builder', 'pair', '--format', '{{.ID}} {{.Size}}']);
    const both = await compare(['du', '--builder', 'pair']);
    const one = await compare(['du']);
    assert.equal(both.stdout.split('\n').length - 6, (one.stdout.split('\n').length - 6) * 2);
  });

  it('is a function of the library', async () => {
    const docker = { host: peers.engine.host, configDir: peers.configDir };
    const [node, ...others] = await diskUsage({ docker, env: {}, filters: ['type=exec.cachemount'] });
    assert.deepEqual([node?.node, others], ['default', []]);
    assert.deepEqual(
      node?.records.map(({ mutable, recordType }) => [mutable, recordType]),
      [[true, 'exec.cachemount']],
    );
  });
});

describe('ls', () => {
  it('shows the same in every format', async () => {
    const lines = builderTemplates.map((format) => ['ls', '--format', format]);
    for (let at = 0; at < lines.length; at += 3)
      await Promise.all(lines.slice(at, at + 3).map((line) => compare(line)));
    await compare(['ls', '--no-trunc']);
  });
});

describe('prune', () => {
  const refused = [
    ['prune', '--filter', 'type', '--force'],
    ['prune', '--filter', 'until=x'],
    ['prune', '-f', '--keep-storage', 'x'],
    ['prune', '-f', '--keep-storage', '5TB', '--filter', 'id=zzz'],
    [
      'prune',
      '-f',
      '--max-used-space',
      '1GB',
      '--min-free-space',
      '1',
      '--reserved-space',
      '1MB',
      '--filter',
      'id=zzz',
    ],
    ['prune', 'x'],
    ['prune'],
  ];
  it('takes the same flags, and asks first', async () => {
    await compareAll(refused);
    for (const side of ['ours', 'theirs'] as const) {
      const { stdout } = await peers.run(side, ['prune'], { stdin: 'yes\n' });
      assert.equal(
        stdout,
        'WARNING! This will remove all dangling build cache. Are you sure you want to continue? [y/N] ',
      );
    }
  });

  it('heeds the filters of config.json', async () => {
    const config = join(peers.configDir, 'config.json');
    await writeFile(config, JSON.stringify({ pruneFilters: ['until=100h'] }));
    assert.equal((await compare(['prune', '-af'])).stdout, 'Total:\t0B\n');
    await writeFile(config, '{}');
  });

  it('removes and tells the same', async () => {
    for (const args of [
      ['-f', '--filter', 'type=source.local'],
      ['-f', '--filter', 'type=exec.cachemount', '--verbose'],
      ['-af', '--builder', 'pair'],
    ]) {
      const told: Record<string, string[]> = {};
      for (const side of ['theirs', 'ours'] as const) {
        await prune({ docker: { host: peers.engine.host, configDir: peers.configDir }, env: {}, all: true });
        await fillCache();
        const { code, stdout, stderr } = await run(side, ['prune', ...args]);
        assert.equal(code, 0, stderr);
        told[side] = withoutIds(stdout);
      }
      assert.deepEqual(told['ours'], told['theirs']);
    }
    assert.match((await compare(['du'])).stdout, /^Total:\t+0B$/m);
  });

  it('stops at a signal while it asks', async () => {
    const asking = new AbortController();
    const answer = prune(
      { docker: { host: peers.engine.host, configDir: peers.configDir }, env: {} },
      { confirm: async () => (asking.abort(), false), signal: asking.signal },
    );
    assert.deepEqual(await answer, { confirmed: false, pruned: 0n });
  });
});

/** Lines in an order of their own: nodes and daemons tell records as they come. */
function withoutIds(text: string): string[] {
  return text
    .replace(/\b[a-z0-9]{25}\b/g, 'ID')
    .replace(/^(Created at:\t).*$/gm, '$1TIME')
    .replace(/(\d+)\.\d+([kM]B)/g, '$1$2') // the same build takes some bytes more or less
    .replace(/ *\t+/g, '\t')
    .split('\n')
    .toSorted();
}
