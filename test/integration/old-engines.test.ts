// Older engines: what they can do gives the image that Go's buildx makes there; what they cannot is told alike.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { stepsOf } from '../support/build-steps.ts';
import { binaryPath, createContext } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, startEngine, type TestEngine } from '../support/engine.ts';

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
      const env = { DOCKER_CONFIG: configDir, DOCKER_HOST: engine.host, DOCKER_CONTEXT: undefined };
      if (side === 'theirs') return await engine.buildx(all, { env });
      return await runProgram(binaryPath(), all, { env });
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
  });
}
