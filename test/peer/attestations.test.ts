// Provenance and SBOMs of both programs, compared key by key.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { startAssetServer } from '../support/asset-server.ts';
import { type Statement, statementsOf, withoutBuild } from '../support/attestations.ts';
import { baseImage, startEngine } from '../support/engine.ts';
import { freshContext, type Peers, type Side, startPeers } from '../support/peers.ts';
import { registryUser, startRegistry, type TestRegistry } from '../support/registry.ts';

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

const sides = ['theirs', 'ours'] as const;

interface Made {
  readonly statements: readonly Statement[];
  readonly stderr: string;
}

/** Builds with both, theirs first, and reads what the images are told to be made of. */
async function makeBoth(context: string, args: readonly string[], env = {}): Promise<Record<Side, Made>> {
  await using out = await freshContext({});
  const made: Partial<Record<Side, Made>> = {};
  for (const side of sides) {
    const archive = join(out.dir, side);
    const outputs = ['--progress', 'plain', '-t', 'attested', '-o', `type=oci,dest=${archive}`];
    const ran = await peers.run(side, ['build', ...outputs, ...args, context], { env });
    assert.equal(ran.code, 0, ran.stderr);
    made[side] = { statements: await statementsOf(archive), stderr: ran.stderr };
  }
  return made as Record<Side, Made>;
}

/** Asserts that both are told alike, and gives the predicates of ours. */
async function assertAlike(context: string, args: readonly string[], env = {}): Promise<readonly Statement[]> {
  const { theirs, ours } = await makeBoth(context, args, env);
  assert.deepEqual(ours.statements.map(withoutBuild), theirs.statements.map(withoutBuild));
  return ours.statements;
}

const dockerfile = `ARG TAG=latest
FROM ${baseImage.replace(':latest', '')}:$TAG AS tools
ARG WHO=world
RUN echo $WHO > /who
FROM ${baseImage}
COPY --from=tools /who /who
WORKDIR /app
COPY . .
LABEL a=b
`;
const flags = ['--build-arg', 'WHO=me', '--label', 'l=1', '--add-host', 'h=1.2.3.4', '--no-cache-filter', 'none'];

describe('provenance', () => {
  for (const [name, args] of [
    ['mode=min', ['--provenance=mode=min']],
    ['mode=max', ['--provenance=mode=max']],
    ['SLSA 1', ['--attest', 'type=provenance,mode=max,version=v1,builder-id=https://example.com/b?a=b']],
    ['for two platforms', ['--provenance=mode=max', '--platform', 'linux/amd64,linux/arm64', '--target', 'files']],
  ] as const) {
    it(`${name} is the same`, async () => {
      await using context = await freshContext({
        Dockerfile: `FROM scratch AS files\nCOPY salt /\n${dockerfile}`.replace(/^(.*\n.*\n)(ARG TAG.*\n)/, '$2$1'),
      });
      const statements = await assertAlike(context.dir, [...flags, ...args]);
      assert.notDeepEqual(statements, []);
    });
  }

  it('by default is kept by the engine, the same', async () => {
    await using context = await freshContext({ Dockerfile: dockerfile });
    const kept = new Map<Side, unknown>();
    for (const side of sides) {
      const ran = await peers.run(side, ['build', '-t', 'attested', ...flags, context.dir]);
      assert.equal(ran.code, 0, ran.stderr);
      const archive = join(context.dir, '..', `${randomUUID()}.tar`);
      const saved = await peers.engine.docker(['save', '-o', archive, 'attested']);
      assert.equal(saved.code, 0, saved.stderr);
      kept.set(side, (await statementsOf(archive)).map(withoutBuild));
      await rm(archive);
    }
    assert.deepEqual(kept.get('ours'), kept.get('theirs'));
    assert.match(JSON.stringify(kept.get('ours')), /"add-hosts":"h=1.2.3.4"/);
  });

  it('names the commit of the context, and its remote', async () => {
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
    const git = async (...args: string[]): Promise<unknown> =>
      await promisify(execFile)('git', args, { cwd: context.dir });
    await git('init', '-q');
    await git('remote', 'add', 'origin', 'https://example.com/repo.git');
    await git('add', '.');
    await git('-c', 'user.name=t', '-c', 'user.email=t@example.com', 'commit', '-qm', 'all');
    const [statement] = await assertAlike(context.dir, ['--provenance=mode=min']);
    assert.match(JSON.stringify(statement), /"vcs":\{[^}]*"revision":"[0-9a-f]{40}"/);
  });

  it('of a context that the daemon fetches is the same', async () => {
    await using assets = await startAssetServer({}, { Dockerfile: `FROM ${baseImage}\nCOPY README.md /\n` });
    const [statement] = await assertAlike(`${assets.url}/repo.git#main`, ['--provenance=mode=max']);
    assert.match(JSON.stringify(statement), /"configSource":\{"uri":"http:[^}]*repo\.git#/);
  });

  it('of named contexts, without a context of its own, and of nothing is the same', async () => {
    await using other = await freshContext({ '.dockerignore': 'x', x: 'x' });
    await using named = await freshContext({ Dockerfile: 'FROM base\nCOPY --from=other salt /\n' });
    const contexts = ['--build-context', `other=${other.dir}`, '--build-context', `base=docker-image://${baseImage}`];
    await assertAlike(named.dir, ['--provenance=mode=max', ...contexts]);
    await using bare = await freshContext({ Dockerfile: 'FROM scratch\nLABEL a=b\n' });
    await assertAlike(bare.dir, ['--provenance=mode=max']);
    await using stdin = await freshContext({ 'sub/My.Dockerfile': `FROM ${baseImage}\nRUN echo hello\n` });
    await assertAlike(stdin.dir, ['--provenance=mode=max', '-f', join(stdin.dir, 'sub/My.Dockerfile')]);
  });

  it('is not there when it is turned off, or files are written', async () => {
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
    assert.deepEqual(await assertAlike(context.dir, ['--provenance=false']), []);
    assert.deepEqual(await assertAlike(context.dir, [], { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' }), []);
  });

  it('of an official syntax line names what stood in for it', async () => {
    await using context = await freshContext({
      Dockerfile: '# syntax=docker/dockerfile:1\nFROM scratch\nCOPY salt /\n',
    });
    await using out = await freshContext({});
    const archive = join(out.dir, 'ours');
    const ran = await peers.run('ours', [
      'build',
      '--provenance=mode=max',
      '-o',
      `type=oci,dest=${archive}`,
      context.dir,
    ]);
    assert.equal(ran.code, 0, ran.stderr);
    const [statement] = await statementsOf(archive);
    const invocation = (statement?.predicate['invocation'] ?? {}) as { parameters?: unknown };
    assert.deepEqual(invocation.parameters, {
      frontend: 'dockerfile.v0',
      args: { cmdline: 'docker/dockerfile:1', source: 'docker/dockerfile:1' },
      locals: [{ name: 'context' }, { name: 'dockerfile' }],
    });
  });

  for (const mode of ['min', 'max', 'disabled']) {
    it(`in the metadata file is the same: ${mode}`, async () => {
      await using context = await freshContext({ Dockerfile: dockerfile });
      const env = { BUILDX_METADATA_PROVENANCE: mode };
      const told = new Map<Side, unknown>();
      for (const side of sides) {
        const built = await peers.build(
          side,
          context.dir,
          [...flags, '--provenance=false', '-o', 'type=cacheonly'],
          env,
        );
        assert.equal(built.code, 0, built.stderr);
        const { 'buildx.build.ref': _, ...rest } = built.metadata;
        told.set(side, withoutBuild(rest));
      }
      assert.deepEqual(told.get('ours'), told.get('theirs'));
      assert.equal(JSON.stringify(told.get('ours')).includes('build-arg:WHO'), mode !== 'disabled');
    });
  }
});

describe('an engine with BuildKit 0.13', () => {
  it('tells the same, though it encodes its steps otherwise, and runs them once', async () => {
    await using old = await startEngine('trixie');
    await using context = await freshContext({ Dockerfile: dockerfile });
    const told = new Map<Side, unknown>();
    for (const side of sides) {
      const env = { DOCKER_HOST: old.host, BUILDX_METADATA_PROVENANCE: 'min' };
      const built = await peers.build(
        side,
        context.dir,
        ['--progress', 'plain', '--no-cache', ...flags.slice(0, 4)],
        env,
      );
      assert.equal(built.code, 0, built.stderr);
      told.set(side, withoutBuild(built.metadata['buildx.build.provenance']));
      assert.equal(built.stderr.match(/^#\d+ \[\S+ 2\/\d\] RUN echo/gm)?.length, 1, built.stderr);
    }
    assert.deepEqual(told.get('ours'), told.get('theirs'));
    assert.match(JSON.stringify(told.get('ours')), /"frontend":"dockerfile.v0"/);
  });
});

describe('a build whose provenance is kept', () => {
  it('runs its steps once, also without cache, and keeps what they leave in cache mounts', async () => {
    const text = (line: string): string =>
      `FROM ${baseImage}\nRUN --mount=type=cache,target=/c,id=kept-${line} echo x >> /c/x; echo lines: $(wc -l < /c/x); sleep 0.2\n`;
    await using context = await freshContext({ Dockerfile: '' });
    const id = randomUUID();
    const build = async (label: string, ...args: readonly string[]): Promise<readonly string[]> => {
      await writeFile(
        join(context.dir, 'Dockerfile'),
        `${text(id)}RUN echo ${label}\n`.replace('sleep', `: ${label}; sleep`),
      );
      const ran = await peers.run('ours', ['build', '--progress', 'plain', ...args, context.dir]);
      assert.equal(ran.code, 0, ran.stderr);
      return ran.stderr.match(/lines: \d+$/gm) ?? [];
    };
    assert.deepEqual(await build('first'), ['lines: 1']);
    assert.deepEqual(await build('second', '--no-cache'), ['lines: 1']);
    assert.deepEqual(await build('third'), ['lines: 2']);
  });

  it('fails as buildx fails, with each warning and each step once', async () => {
    await using context = await freshContext({ Dockerfile: `from ${baseImage}\nRUN echo out; exit 3\nCOPY salt /\n` });
    const ends = new Map<Side, unknown>();
    for (const side of sides) {
      const ran = await peers.run(side, ['build', '--progress', 'plain', '--no-cache', context.dir]);
      assert.equal(ran.code, 1);
      assert.equal(ran.stderr.match(/^#\d+ [\d.]+ out$/gm)?.length, 1, ran.stderr);
      const end = ran.stderr.slice(ran.stderr.search(/^ > \[/m)).replace(/^\d+\.\d+ /gm, '');
      ends.set(side, end.replace(/View build details.*\n/, ''));
    }
    assert.deepEqual(ends.get('ours'), ends.get('theirs'));
  });

  it('tells what is wrong with the Dockerfile once', async () => {
    await using context = await freshContext({
      Dockerfile: `FROM ${baseImage} as x\nCOPY --from=y missing /\nRUN $NO\n`,
    });
    await using wrong = await freshContext({ Dockerfile: `FROM ${baseImage} as x\nCOPYY . .\n` });
    for (const { dir } of [context, wrong]) {
      const counts = new Map<Side, unknown>();
      for (const side of sides) {
        const ran = await peers.run(side, ['build', '--progress', 'plain', dir]);
        const lines = ran.stderr.split('\n');
        // a step's name is repeated when others have said something in between
        assert.ok(lines.some((line) => line.includes('load build definition')));
        counts.set(
          side,
          lines.filter((line) => /^ - |^ERROR|^Dockerfile:/.test(line)),
        );
      }
      assert.deepEqual(counts.get('ours'), counts.get('theirs'));
    }
  });
});

describe('an SBOM', () => {
  let registry: TestRegistry;
  let generator: string;
  before(async () => {
    registry = await startRegistry({ kind: 'basic' });
    const auth = Buffer.from(`${registryUser.name}:${registryUser.password}`).toString('base64');
    await writeFile(join(peers.configDir, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }));
    generator = `${registry.host}/scanner:1`;
    await using context = await freshContext({ Dockerfile: scannerDockerfile, 'scan.sh': scanner });
    const ran = await peers.run('theirs', ['build', '--provenance=false', '--push', '-t', generator, context.dir]);
    assert.equal(ran.code, 0, ran.stderr);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
  });

  const scanned = `ARG BUILDKIT_SBOM_SCAN_CONTEXT=true
FROM ${baseImage} AS one
ARG BUILDKIT_SBOM_SCAN_STAGE=true
RUN echo 1 > /one
FROM ${baseImage} AS two
COPY --from=one /one /two
FROM scratch
COPY --from=two /two /three
COPY salt /x
`;

  for (const [name, provenance] of [
    ['beside a provenance', []],
    ['alone', ['--provenance=false']],
  ] as const) {
    it(`${name} is the same, with stages and context, and is cached for the other`, async () => {
      const args = [`--sbom=generator=${generator},MODE=x`, ...provenance];
      const step = /#(\d+) \[linux\/amd64\] generating sbom using .*scanner:1\n(?:(?!#\1 ).*\n)*#\1 CACHED/;
      // BuildKit finds a scan of several mounts again by chance: sometimes not even when one program builds twice.
      let isCached = false;
      for (let attempt = 0; attempt < 10 && !isCached; attempt++) {
        await using context = await freshContext({ Dockerfile: scanned });
        const { theirs, ours } = await makeBoth(context.dir, args);
        assert.deepEqual(ours.statements.map(withoutBuild), theirs.statements.map(withoutBuild));
        const spdx = ours.statements.filter(({ predicateType }) => predicateType === 'https://spdx.dev/Document');
        assert.deepEqual(
          spdx.map(({ predicate }) => predicate['name']),
          ['sbom', 'sbom-context', 'sbom-one'],
        );
        isCached = step.test(ours.stderr);
      }
      assert.ok(isCached, 'the scan ran again for ours in each of ten pairs of builds');
    });
  }

  it('is made for each platform', async () => {
    await using context = await freshContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n' });
    const platforms = ['--platform', 'linux/amd64,linux/arm64', '--provenance=false'];
    const statements = await assertAlike(context.dir, [`--sbom=generator=${generator}`, ...platforms]);
    assert.equal(statements.length, 2);
  });
});

/** Writes what it sees, as the protocol for scanners has it. */
const scanner = `#!/bin/sh
set -e
scan() {
  files=$(cd "$2" && find . -type f ! -path './bin/*' | sort | tr '\\n' ' ')
  told=$(env | grep ^BUILDKIT_SCAN | sort | tr '\\n' ' ')
  head='{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"https://spdx.dev/Document","predicate":'
  printf '%s{"name":"%s","files":"%s","told":"%s"}}' "$head" "$1" "$files" "$told" > "$BUILDKIT_SCAN_DESTINATION/$1.spdx.json"
}
scan "$(basename "$BUILDKIT_SCAN_SOURCE")" "$BUILDKIT_SCAN_SOURCE"
[ -z "$BUILDKIT_SCAN_SOURCE_EXTRAS" ] || for dir in "$BUILDKIT_SCAN_SOURCE_EXTRAS"/*; do scan "$(basename "$dir")" "$dir"; done
`;
const scannerDockerfile = `FROM ${baseImage}
WORKDIR /tmp
ENV A=b
COPY --chmod=755 scan.sh /scan.sh
ENTRYPOINT ["/bin/sh", "/scan.sh"]
`;
