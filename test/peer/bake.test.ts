// Targets built with both programs on one engine: the same images, texts, exit codes and metadata.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { startAssetServer } from '../support/asset-server.ts';
import { baseImage } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

interface Baked {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly metadata: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

async function bake(side: Side, cwd: string, args: readonly string[]): Promise<Baked> {
  const file = join(cwd, `metadata-${side}.json`);
  const flags = ['--progress', 'plain', '--metadata-file', file];
  const ran = await peers.run(side, ['bake', ...flags, ...args], { cwd });
  const isWritten = ran.code === 0 && !args.includes('--print');
  const text = isWritten ? await readFile(file, 'utf8') : '{}';
  return { ...ran, metadata: JSON.parse(text) as Baked['metadata'] };
}

async function both(files: Readonly<Record<string, string>>, args: readonly string[]): Promise<Record<Side, Baked>> {
  await using context = await freshContext(files);
  const theirs = await bake('theirs', context.dir, args);
  return { theirs, ours: await bake('ours', context.dir, args) };
}

interface Provenance {
  readonly invocation: {
    readonly parameters: { readonly args: Readonly<Record<string, string>>; readonly locals: unknown };
  };
}

/** What the images of each target are. */
function digests({ metadata }: Baked): Record<string, unknown> {
  return Object.fromEntries(Object.entries(metadata).map(([name, found]) => [name, found['containerimage.digest']]));
}

const noProvenance = '--provenance=false';

describe('bake', () => {
  it('builds targets, one that is a context of others among them', async () => {
    const { theirs, ours } = await both(
      {
        'docker-bake.hcl': `
          group "default" { targets = ["app", "tool"] }
          target "base" {
            dockerfile-inline = "FROM ${baseImage}\\nRUN echo base > /base\\nENV FROM_BASE=1\\n"
          }
          target "app" {
            contexts = { base = "target:base" }
            dockerfile-inline = "FROM base\\nRUN test \\"$FROM_BASE\\" = 1 && cat /base\\nCOPY file /file\\n"
            tags = ["bake-app"]
          }
          target "tool" {
            contexts = { base = "target:base" }
            dockerfile-inline = "FROM scratch\\nCOPY --from=base /base /tool\\nCOPY file /file\\n"
            tags = ["bake-tool"]
          }`,
        file: 'content',
      },
      [noProvenance],
    );
    assert.equal(theirs.code, 0, theirs.stderr);
    assert.equal(ours.code, 0, ours.stderr);
    assert.deepEqual(digests(ours), digests(theirs));
    assert.equal(typeof ours.metadata['app']?.['containerimage.digest'], 'string');
    // who shows a step first, this program or the frontend of the daemon, names it
    for (const step of [/\[app (?:stage-0 )?2\/3\] /, /\[tool (?:stage-0 )?2\/2\] /]) assert.match(ours.stderr, step);
  });

  it('records the contexts that are targets in the provenance', async () => {
    await using context = await freshContext({
      'docker-bake.hcl': `
        target "context" { dockerfile-inline = "FROM scratch\\nCOPY salt /\\nENV A=1\\n" }
        target "app" {
          contexts = { base = "target:context" }
          dockerfile-inline = "FROM base\\nCOPY salt /again\\n"
        }`,
    });
    const found: unknown[] = [];
    for (const side of ['theirs', 'ours'] as const) {
      const file = join(context.dir, `${side}.json`);
      const args = ['bake', 'app', '--metadata-file', file];
      const ran = await peers.run(side, args, { cwd: context.dir, env: { BUILDX_METADATA_PROVENANCE: 'max' } });
      assert.equal(ran.code, 0, ran.stderr);
      const metadata = JSON.parse(await readFile(file, 'utf8')) as Record<string, Record<string, Provenance>>;
      const parameters = metadata['app']?.['buildx.build.provenance']?.invocation.parameters;
      const { 'local-sessionid:context': session, ...rest } = parameters?.args ?? {};
      found.push({ rest, isShared: session !== undefined, locals: parameters?.locals });
    }
    assert.deepEqual(found[1], found[0]);
    assert.match(JSON.stringify(found[1]), /"context:base":"input:0-context"/);
  });

  it('sends a directory that several targets use once', async () => {
    const target = (name: string): string =>
      `target "${name}" { dockerfile-inline = "FROM scratch\\nCOPY big /${name}\\n" }\n`;
    const { ours } = await both(
      {
        'docker-bake.hcl': `group "default" { targets = ["a", "b", "c"] }\n${['a', 'b', 'c'].map(target).join('')}`,
        big: crypto.randomUUID().repeat(20_000),
      },
      [noProvenance],
    );
    assert.equal(ours.code, 0, ours.stderr);
    const sent = Array.from(
      ours.stderr.matchAll(/^#(\d+) transferring context: 7\d\d\.\d+kB.* done$/gm),
      ([, step]) => step,
    );
    assert.equal(new Set(sent).size, 1, ours.stderr);
  });

  it('ends all targets when one fails, with its name', async () => {
    const { theirs, ours } = await both(
      {
        'docker-bake.hcl': `
          group "default" { targets = ["bad", "slow"] }
          target "bad" { dockerfile-inline = "FROM scratch\\nCOPY nope /\\n" }
          target "slow" { dockerfile-inline = "FROM ${baseImage}\\nRUN sleep 60\\n" }`,
      },
      [],
    );
    const last = ({ stderr }: Baked): string =>
      (stderr.trim().split('\n').at(-1) ?? '').replace(/ref \S+::\S+:/, 'ref REF:');
    assert.equal(ours.code, theirs.code);
    assert.equal(last(ours), last(theirs));
    assert.match(last(ours), /^ERROR: target bad: failed to solve: /);
  });

  it('builds services of a compose file', async () => {
    const { theirs, ours } = await both(
      {
        'compose.yaml': `services:\n  web:\n    build:\n      dockerfile_inline: |\n        FROM scratch\n        COPY file /\n    image: bake-web\n`,
        file: 'x',
      },
      [noProvenance],
    );
    assert.equal(ours.code, 0, ours.stderr);
    assert.deepEqual(digests(ours), digests(theirs));
  });

  it('checks targets', async () => {
    const files = {
      'docker-bake.hcl': `
        group "default" { targets = ["a", "b"] }
        target "a" {
          description = "the first"
          dockerfile-inline = "from scratch\\nCOPY x /x\\n"
        }
        target "b" { dockerfile-inline = "FROM scratch\\nCOPY x /x\\n" }`,
    };
    for (const flag of ['--check', '--call=targets', '--call=outline,format=json']) {
      const { theirs, ours } = await both(files, [flag]);
      assert.equal(ours.stdout, theirs.stdout, flag);
      assert.equal(ours.code, theirs.code, flag);
    }
  });

  describe('calls of targets whose contexts are others', () => {
    const files = {
      'docker-bake.hcl': `
        target "base" {
          dockerfile-inline = "FROM ${baseImage}\\nARG WHO=me\\nRUN echo base > /base\\nENV FROM_BASE=1\\n"
        }
        target "app" {
          contexts = { base = "target:base" }
          dockerfile-inline = "FROM base AS one\\nARG MINE=$FROM_BASE\\nRUN cat /base\\n"
        }
        target "checked" {
          inherits = ["app"]
          call = "check"
        }
        target "broken" { dockerfile-inline = "FROM nothing\\nFOO\\n" }
        target "hopeless" {
          contexts = { base = "target:broken" }
          dockerfile-inline = "FROM base\\n"
        }`,
    };
    // where buildx can answer
    for (const args of [['checked'], ['--call=targets', 'app'], ['--check', 'hopeless']]) {
      it(`${args.join(' ')} says the same`, async () => {
        const { theirs, ours } = await both(files, args);
        assert.equal(ours.stdout, theirs.stdout);
        assert.equal(ours.code, theirs.code);
      });
    }

    it('are answered, and build nothing', async () => {
      const { theirs, ours } = await both(files, ['--check', 'app']);
      assert.equal(theirs.code, 1);
      assert.match(theirs.stdout, /unsupported context source target for base/);
      assert.equal(ours.code, 0, ours.stdout);
      assert.doesNotMatch(ours.stderr, /RUN|COPY/);
      const outlined = await both(files, ['--call=outline', 'app']);
      assert.equal(outlined.theirs.code, 1);
      assert.match(outlined.ours.stdout, /^app\n\nTARGET: one\n\n.*\nMINE +1 /);
    });

    it('do not keep a target from being built for others', async () => {
      const { ours } = await both(files, ['app', '--set', 'base.call=check', '--set', 'app.output=type=cacheonly']);
      assert.equal(ours.code, 0, ours.stderr);
      assert.match(ours.stderr, /\[app \S+\] RUN cat \/base/);
      assert.match(ours.stdout, /^base\n\nCheck complete, no warnings found\./);
    });
  });

  it('asks for what a build may not do by itself', async () => {
    const { theirs, ours } = await both(
      {
        'docker-bake.hcl': `target "default" {
          dockerfile-inline = "FROM scratch\\nCOPY file /\\n"
          network = "host"
          output = ["type=local,dest=../out-of-here"]
          ssh = ["default"]
        }`,
        file: 'x',
      },
      ['--set', 'default.ssh=', '--allow', 'fs.read=/'],
    );
    const request = ({ stderr }: Baked): string => stderr.slice(stderr.indexOf('Your build is requesting'));
    const withoutCommand = (text: string): string => text.replace(/Your full command[^]*?\n\n.*\n\n/, '');
    assert.equal(ours.code, 1);
    assert.equal(withoutCommand(request(ours)), withoutCommand(request(theirs)));
    assert.match(ours.stderr, /--allow=network\.host --allow=fs\.write=\.\./);
  });

  it('reads the definition of a git repository, and builds what lies there', async () => {
    const hcl = `
      target "default" {
        context = "app"
        contexts = { other = "." }
        dockerfile-inline = "FROM scratch\\nCOPY file /file\\nCOPY --from=other file /other\\n"
      }
      target "here" {
        context = BAKE_CMD_CONTEXT
        dockerfile-inline = "FROM scratch\\nCOPY mine /\\n"
      }`;
    await using assets = await startAssetServer(
      { 'single.hcl': 'target "default" { dockerfile-inline = "FROM scratch\\nCOPY mine /\\n" }' },
      { 'docker-bake.hcl': hcl, 'app/file': 'app', file: 'root' },
    );
    const repository = `${assets.url}/repo.git`;
    const rows: readonly (readonly string[])[] = [
      ['--print', repository],
      ['--print', repository, 'here'],
      ['--print', `${repository}#main`, 'https://example.com/other.git', 'here'],
      [noProvenance, repository],
      [noProvenance, repository, 'here'],
      [noProvenance, `${assets.url}/single.hcl`],
    ];
    for (const args of rows) {
      const { theirs, ours } = await both({ mine: 'mine' }, args);
      assert.equal(theirs.code, 0, theirs.stderr);
      assert.equal(ours.code, 0, ours.stderr);
      // from 0.36 on the whole place of a context is printed
      const shown = ours.stdout.replace(`${repository}#:app`, 'app');
      assert.equal(shown, theirs.stdout, args.join(' '));
      assert.deepEqual(digests(ours), digests(theirs), args.join(' '));
    }
  });
});
