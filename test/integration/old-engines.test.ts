// Older engines: what they can do gives the image that Go's buildx makes there; what they cannot is told alike.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { stepsOf } from '../support/build-steps.ts';
import { startBuildkitd } from '../support/buildkitd.ts';
import { binaryPath, createContext, lastLine } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, startEngine, type TestEngine, useEngine } from '../support/engine.ts';
import { readPlain } from '../support/plain-progress.ts';
import { startRegistry } from '../support/registry.ts';

type Suite = 'trixie' | 'bookworm';
type Side = 'ours' | 'theirs';

interface OldCase {
  readonly name: string;
  readonly dockerfile: string;
  /** $ASSETS is the server of files, $DIR the context. */
  readonly args?: readonly string[];
  /** Engines whose own frontend cannot read this; ours can, and the image works. */
  readonly newerThan?: readonly Suite[];
  /** Both fail, with these words in both messages. */
  readonly fails?: RegExp;
}

const cases: readonly OldCase[] = [
  {
    name: 'several stages',
    dockerfile: `FROM BASE AS build
ARG WHO=nobody
ENV GREETING=hello
WORKDIR /w
COPY . .
RUN echo "$GREETING $WHO" > greeting
FROM BASE
COPY --from=build --chown=1:2 /w/greeting /srv/
COPY --from=build /w/salt /salt
LABEL one=1 two="two words"
EXPOSE 80
USER 1000
CMD ["cat", "/srv/greeting"]
`,
    args: ['--build-arg', 'WHO=old', '--label', 'three=3'],
  },
  {
    name: 'mounts',
    dockerfile: `FROM BASE AS data
COPY salt /data/salt
FROM BASE
RUN --mount=type=cache,target=/cache --mount=type=tmpfs,target=/tmp --mount=from=data,source=/data,target=/data cat /data/salt > /out
RUN --mount=type=bind,target=/here cmp /here/salt /out
`,
  },
  {
    name: 'files over HTTP',
    dockerfile: `FROM BASE
ARG ASSETS
ADD $ASSETS/plain.txt /plain.txt
RUN cat /plain.txt
`,
    args: ['--build-arg', 'ASSETS=$ASSETS'],
  },
  {
    name: 'a context from git',
    dockerfile: 'FROM scratch\n',
    args: ['$ASSETS/repo.git#main'],
  },
  {
    name: 'build options',
    dockerfile: `FROM BASE
COPY salt /
RUN grep example /etc/hosts > /hosts && ulimit -n > /limit
`,
    args: ['--add-host', 'example:10.1.2.3', '--network', 'none', '--no-cache-filter', 'other'],
  },
  {
    name: 'copies that need not their base',
    dockerfile: `FROM BASE AS data
COPY salt /data/salt
FROM BASE
COPY --link --from=data /data /linked
COPY --link --chmod=600 salt /again
RUN cmp /linked/salt /again
`,
    newerThan: ['bookworm'],
  },
  {
    name: 'heredocs',
    dockerfile: `FROM BASE
COPY salt /
RUN <<EOF
set -e
echo one > /one
EOF
COPY <<A <<B /etc/pair/
first
A
second
B
RUN cat /one /etc/pair/A /etc/pair/B
`,
    newerThan: ['bookworm'],
  },
  {
    name: 'named contexts',
    dockerfile: `FROM other AS build
COPY --from=dir salt /from-dir
FROM BASE
COPY --from=build /from-dir /from-dir
`,
    args: ['--build-context', 'other=docker-image://BASE', '--build-context', 'dir=$DIR'],
    newerThan: ['bookworm'],
  },
  {
    name: 'instructions of today',
    dockerfile: `FROM BASE
COPY --exclude=Dockerfile . /all/
COPY --parents ./salt /parents/
RUN cmp /all/salt /parents/salt
`,
    newerThan: ['trixie', 'bookworm'],
  },
  { name: 'a step that fails', dockerfile: 'FROM BASE\nCOPY salt /\nRUN exit 7\n', fails: /exit 7\W.*exit code: 7/ },
  { name: 'a file that is not there', dockerfile: 'FROM BASE\nCOPY missing /\n', fails: /"\/missing".* not found/ },
  {
    name: 'an image that is not there',
    dockerfile: 'FROM 127.0.0.1:9/none\n',
    fails: /none\/manifests\/latest.*refused/,
  },
  {
    name: 'several platforms',
    dockerfile: 'FROM BASE\n',
    args: ['--platform', 'linux/amd64,linux/arm64'],
    fails: /Multi-platform build is not supported for the docker driver/,
  },
  {
    name: 'an OCI archive',
    dockerfile: 'FROM BASE\n',
    args: ['-o', 'type=oci,dest=$DIR/out.tar'],
    fails: /OCI exporter is not supported for the docker driver/,
  },
  {
    name: 'a cache that leaves the engine',
    dockerfile: 'FROM scratch\n',
    args: ['--cache-to', 'type=local,dest=$DIR/cache'],
    fails: /Cache export is not supported for the docker driver/,
  },
];

let assets: AssetServer;
let configDir: string;
before(async () => {
  assets = await startAssetServer(
    { 'plain.txt': 'plain\n' },
    { Dockerfile: `FROM ${baseImage}\nCOPY README.md /\nRUN cat /README.md\n`, salt: crypto.randomUUID() },
  );
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-old-'));
  await writeFile(join(configDir, 'config.json'), '{}');
});
after(async () => {
  await assets[Symbol.asyncDispose]();
  await rm(configDir, { recursive: true, force: true });
});

for (const [suite, version] of [
  ['trixie', 'dockerd 26.1, BuildKit 0.13'],
  ['bookworm', 'dockerd 20.10, BuildKit 0.8'],
] as const) {
  describe(version, () => {
    let engine: TestEngine;
    before(async () => {
      engine = await startEngine(suite);
    });
    after(async () => {
      await engine[Symbol.asyncDispose]();
    });

    async function build(side: Side, dir: string, args: readonly string[] = []): Promise<Ran> {
      const filled = args.map((arg) =>
        arg.replace('$ASSETS', assets.url).replace('$DIR', dir).replace('BASE', baseImage),
      );
      const all = ['build', '--progress', 'rawjson', '-t', `old-${side}`, ...filled];
      if (filled.at(-1)?.includes('.git') !== true) all.push(dir);
      return await run(side, all);
    }

    async function run(side: Side, words: readonly string[], config = configDir): Promise<Ran> {
      const env = {
        DOCKER_CONFIG: config,
        DOCKER_HOST: engine.host,
        DOCKER_CONTEXT: undefined,
        BUILDX_METADATA_PROVENANCE: 'disabled',
      };
      if (side === 'theirs') return await engine.buildx(words, { env });
      return await runProgram(binaryPath(), words, { env });
    }

    /** What runs: not the history, whose words differ from release to release of the frontend. */
    async function imageOf(side: Side): Promise<unknown> {
      const format =
        '{"layers":{{json .RootFS.Layers}},"config":{{json .Config}},"platform":"{{.Os}}/{{.Architecture}}"}';
      const { code, stdout, stderr } = await engine.docker(['image', 'inspect', '--format', format, `old-${side}`]);
      assert.equal(code, 0, stderr);
      return JSON.parse(stdout);
    }

    for (const { name, dockerfile, args, newerThan = [], fails } of cases) {
      it(name, async () => {
        const files = { Dockerfile: dockerfile.replaceAll('BASE', baseImage), salt: crypto.randomUUID() };
        await using context = await createContext(files);
        const theirs = await build('theirs', context.dir, args);
        const ours = await build('ours', context.dir, args);
        if (fails !== undefined) {
          assert.equal(theirs.code, 1, theirs.stderr);
          assert.match(theirs.stderr, fails);
          assert.equal(ours.code, 1, ours.stderr);
          assert.match(ours.stderr, fails);
          return;
        }
        assert.equal(ours.code, 0, ours.stderr);
        if (newerThan.includes(suite)) {
          assert.equal(theirs.code, 1, 'their frontend has learnt this: compare the images');
          return;
        }
        assert.equal(theirs.code, 0, theirs.stderr);
        assert.deepEqual(stepsOf(ours.stderr).done, []);
        assert.deepEqual(await imageOf('ours'), await imageOf('theirs'));
      });
    }

    it('tells what BuildKit it has', async () => {
      const theirs = await run('theirs', ['inspect']);
      const ours = await run('ours', ['inspect']);
      assert.equal(theirs.code, 0, theirs.stderr);
      assert.match(theirs.stdout, /^BuildKit version: +v0\./m);
      assert.deepEqual(ours, theirs);
    });

    it('gives steps secrets and an agent', async () => {
      const dockerfile = `FROM ${baseImage}
COPY salt /
RUN --mount=type=secret,id=a,required --mount=type=ssh,required cmp /salt /run/secrets/a && test -S "$SSH_AUTH_SOCK"
RUN --mount=type=secret,id=none --mount=type=ssh,id=none ! ls /run/secrets/none
RUN --mount=type=secret,id=none,required true
`;
      const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
      await using context = await createContext({ Dockerfile: dockerfile, salt: crypto.randomUUID(), key });
      const flags = ['--secret', 'id=a,src=$DIR/salt', '--ssh', 'default=$DIR/key'];
      // their frontends mount secrets in another way: the steps run again
      for (const side of ['theirs', 'ours'] as const) {
        const built = await build(side, context.dir, flags);
        assert.equal(built.code, 1);
        assert.match(built.stderr, /ERROR: failed to build: failed to solve: .*secret none(?: not found)?: not found/);
      }
    });

    it('writes files', async () => {
      await using context = await createContext({ Dockerfile: 'FROM scratch\nCOPY salt /dir/\n', salt: 'x' });
      for (const side of ['theirs', 'ours'] as const) {
        const dest = join(context.dir, side);
        const built = await build(side, context.dir, ['-o', dest]);
        assert.equal(built.code, 0, built.stderr);
        assert.deepEqual(await readdir(dest, { recursive: true }), ['dir', 'dir/salt']);
        assert.equal(await readFile(join(dest, 'dir/salt'), 'utf8'), 'x');
      }
    });

    it('pushes what its BuildKit cannot', async () => {
      await using registry = await startRegistry({ kind: 'basic' });
      await using context = await createContext({
        Dockerfile: 'FROM scratch\nCOPY salt /\n',
        salt: crypto.randomUUID(),
      });
      await using config = await createContext({ 'config.json': registry.config, 'none/config.json': '{}' });
      const push = async (side: Side, ...more: readonly string[]): Promise<Ran> => {
        const names = ['one:1', 'two'].flatMap((name) => ['-t', `${registry.host}/${side}-${name}`]);
        const words = ['build', '--progress', 'plain', '--push', ...names, ...more, context.dir];
        return await run(side, words, config.dir);
      };
      // what is there already is not built or pushed again, and both images are one then
      for (const side of ['theirs', 'ours'] as const) await push(side);
      const [theirs = '', ours = ''] = await Promise.all(
        (['theirs', 'ours'] as const).map(async (side) => {
          const [iid, metadata] = [join(config.dir, `${side}.iid`), join(config.dir, `${side}.json`)];
          const { code, stderr } = await push(side, '--iidfile', iid, '--metadata-file', metadata);
          assert.equal(code, 0, stderr);
          const steps = Object.entries(readPlain(stderr).steps)
            .filter(([name]) => name.startsWith('pushing'))
            .map(([name, lines]) => [name, lines.filter((line) => /done$/i.test(line))]);
          const told = [steps, await readFile(iid, 'utf8'), await readFile(metadata, 'utf8')];
          const text = JSON.stringify(told).replaceAll(side, 'SIDE');
          // the old frontend writes another history, which makes another image
          return text.replace(suite === 'bookworm' ? /sha256:\w+|default\/\w{25}/g : /default\/\w{25}/g, 'CHANCE');
        }),
      );
      assert.equal(ours, theirs);
      assert.match(ours, /pushing 127\.0\.0\.1:\d+\/SIDE-two with docker/);
      for (const side of ['theirs', 'ours'] as const) {
        const words = ['build', '--push', '-t', `${registry.host}/${side}`, context.dir];
        const denied = await run(side, words, join(config.dir, 'none'));
        assert.equal(denied.code, 1);
        assert.match(lastLine(denied.stderr), /no basic auth credentials|authorization failed|unauthorized/);
      }
    });

    it('takes what another BuildKit has built', async () => {
      await using other = await useEngine();
      await using buildkitd = await startBuildkitd(other);
      await using context = await createContext({
        Dockerfile: 'FROM scratch\nCOPY salt /\n',
        salt: crypto.randomUUID(),
      });
      const name = `far-${suite}`;
      const created = await run('theirs', ['create', '--name', name, '--driver', 'remote', buildkitd.unix]);
      assert.equal(created.code, 0, created.stderr);
      for (const side of ['theirs', 'ours'] as const) {
        const words = [
          'build',
          '--builder',
          name,
          '--provenance=false',
          '-q',
          '--load',
          '-t',
          `old-${side}`,
          context.dir,
        ];
        const loaded = await run(side, words);
        assert.equal(loaded.code, 0, loaded.stderr);
        const { stdout } = await engine.docker(['image', 'inspect', '--format', '{{.Id}}', `old-${side}`]);
        assert.equal(loaded.stdout, stdout);
      }
      const two = ['--platform', 'linux/amd64,linux/arm64'];
      const refused = await run('ours', ['build', '--builder', name, '--load', ...two, context.dir]);
      assert.match(lastLine(refused.stderr), /docker exporter does not currently support exporting manifest lists$/);
    });

    it('is asked for several outputs', async () => {
      await using context = await createContext({ Dockerfile: 'FROM scratch\nCOPY salt /\n', salt: 'x' });
      const buildTwo = async (side: Side): Promise<Ran> => {
        const tar = `type=tar,dest=${join(context.dir, `${side}.tar`)}`;
        return await run(side, ['build', '-o', join(context.dir, side), '-o', tar, context.dir]);
      };
      const [theirs, ours] = [await buildTwo('theirs'), await buildTwo('ours')];
      assert.equal(ours.code, theirs.code, ours.stderr);
      if (theirs.code !== 0) assert.equal(lastLine(ours.stderr), lastLine(theirs.stderr));
      assert.deepEqual((await readdir(context.dir)).includes('ours.tar'), suite === 'trixie');
    });
  });
}
