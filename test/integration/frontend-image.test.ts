// This project as a frontend image, on a real daemon: Go's buildx and ours hand their builds to it.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { stepsOf } from '../support/build-steps.ts';
import { binaryPath, createContext } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, type TestEngine, useEngine } from '../support/engine.ts';

/** Nothing answers at this registry, so the daemon takes the image that it has itself. */
const frontend = 'localhost:9/tsbuildx-frontend:test';

const dockerfile = `FROM ${baseImage} AS build
ARG WHO=nobody
ARG TARGETPLATFORM
WORKDIR /w
COPY . .
RUN echo "$WHO $TARGETPLATFORM" > who && rm -f Dockerfile ignored
COPY --from=extra salt /extra
FROM scratch
COPY --link --from=build --chown=5:6 /w /w
COPY --from=build /extra /extra
LABEL by=test
ENV A=1 B="two words"
ENTRYPOINT ["/w/who"]
`;

type Side = 'ours' | 'theirs';

let engine: TestEngine;
let configDir: string;
before(async () => {
  engine = await useEngine();
  configDir = await mkdtemp(join(tmpdir(), 'tsbx-frontend-'));
  await writeFile(join(configDir, 'config.json'), '{}');
  const script = join(import.meta.dirname, '../../scripts/frontend-image.ts');
  const made = await runProgram(process.execPath, [script, frontend], { env: environment() });
  assert.equal(made.code, 0, made.stderr);
});
after(async () => {
  await rm(configDir, { recursive: true, force: true });
  await engine[Symbol.asyncDispose]();
});

function environment(): Readonly<Record<string, string | undefined>> {
  return {
    DOCKER_CONFIG: configDir,
    DOCKER_HOST: engine.host,
    DOCKER_CONTEXT: undefined,
    BUILDX_NO_DEFAULT_ATTESTATIONS: '1',
  };
}

async function build(side: Side, dir: string, args: readonly string[] = []): Promise<Ran> {
  const all = ['build', '--progress', 'rawjson', '-t', `frontend-${side}`, ...args, dir];
  if (side === 'theirs') return await engine.buildx(all, { env: environment() });
  return await runProgram(binaryPath(), all, { env: environment() });
}

async function idOf(side: Side): Promise<string> {
  const { code, stdout, stderr } = await engine.docker(['image', 'inspect', '--format', '{{.Id}}', `frontend-${side}`]);
  assert.equal(code, 0, stderr);
  return stdout;
}

const asked = (ran: Ran): boolean => ran.stderr.includes(`resolve image config for docker-image://${frontend}`);

const args = ['--build-arg', 'WHO=somebody', '--build-context', 'extra=target:none', '--label', 'more=yes'];
const withExtra = (dir: string): string[] => args.map((arg) => (arg.startsWith('extra=') ? `extra=${dir}` : arg));

describe('frontend image', () => {
  it('makes the image that the stock frontend makes, from its cache', async () => {
    const files = { '.dockerignore': 'ignored\n', ignored: 'x', salt: crypto.randomUUID() };
    await using context = await createContext({ ...files, Dockerfile: dockerfile });
    const stock = await build('theirs', context.dir, withExtra(context.dir));
    assert.equal(stock.code, 0, stock.stderr);
    const id = await idOf('theirs');
    for (const side of ['theirs', 'ours'] as const) {
      const flags = ['--build-arg', `BUILDKIT_SYNTAX=${frontend}`, ...withExtra(context.dir)];
      const ran = await build(side, context.dir, flags);
      assert.equal(ran.code, 0, ran.stderr);
      assert.ok(asked(ran), ran.stderr);
      assert.deepEqual(stepsOf(ran.stderr).done, []);
      assert.equal(await idOf(side), id);
    }
  });

  for (const [form, text] of Object.entries({
    'a comment': `# syntax=${frontend}\nFROM ${baseImage}\nCOPY salt /\n`,
    'a comment after a #! line': `#!/usr/bin/env build\n# syntax=${frontend}\nFROM ${baseImage}\nCOPY salt /\n`,
  })) {
    it(`is named by ${form}`, async () => {
      await using context = await createContext({ Dockerfile: text, salt: crypto.randomUUID() });
      for (const side of ['theirs', 'ours'] as const) {
        const ran = await build(side, context.dir);
        assert.equal(ran.code, 0, ran.stderr);
        assert.ok(asked(ran), ran.stderr);
      }
      assert.equal(await idOf('ours'), await idOf('theirs'));
    });
  }

  // such files are for other frontends: this one gets them, and does not know what to do with them
  for (const [form, text] of Object.entries({
    'a // comment': `// syntax=${frontend}\nFROM ${baseImage}\n`,
    JSON: `{"syntax": "${frontend}"}\n`,
  })) {
    it(`is named by ${form}`, async () => {
      await using context = await createContext({ Dockerfile: text });
      for (const side of ['theirs', 'ours'] as const) {
        const ran = await build(side, context.dir);
        assert.equal(ran.code, 1, ran.stderr);
        assert.ok(asked(ran), ran.stderr);
        assert.match(ran.stderr, /dockerfile parse error on line 1: unknown instruction/);
      }
    });
  }

  it('tells the lines of a mistake', async () => {
    const text = `# syntax=${frontend}\nFROM ${baseImage}\nRUN true\nFOO bar\n`;
    await using context = await createContext({ Dockerfile: text });
    for (const side of ['theirs', 'ours'] as const) {
      const ran = await build(side, context.dir);
      assert.equal(ran.code, 1);
      assert.match(ran.stderr, /4 \| >>> FOO bar/);
      assert.match(ran.stderr, /dockerfile parse error on line 4: unknown instruction: FOO/);
    }
  });

  it('builds several platforms', async () => {
    const text = `FROM scratch\nCOPY salt /\nARG TARGETARCH\nLABEL arch=$TARGETARCH\n`;
    await using context = await createContext({ Dockerfile: text, salt: crypto.randomUUID() });
    const flags = ['--platform', 'linux/amd64,linux/arm64'];
    const stock = await build('theirs', context.dir, flags);
    assert.equal(stock.code, 0, stock.stderr);
    const id = await idOf('theirs');
    const ran = await build('theirs', context.dir, [...flags, '--build-arg', `BUILDKIT_SYNTAX=${frontend}`]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.equal(await idOf('theirs'), id);
  });

  it('gives way to a frontend that is not there with an error about its line', async () => {
    const text = `# syntax=localhost:9/no-such-frontend\nFROM ${baseImage}\n`;
    await using context = await createContext({ Dockerfile: text });
    const [theirs, ours] = [await build('theirs', context.dir), await build('ours', context.dir)];
    const lastLine = (ran: Ran): string | undefined => ran.stderr.trimEnd().split('\n').at(-1);
    assert.equal(ours.code, 1);
    assert.equal(lastLine(ours), lastLine(theirs));
    assert.match(ours.stderr, /1 \| >>> # syntax=localhost:9\/no-such-frontend/);
  });

  it("leaves the work to the daemon's own frontend when told so", async () => {
    await using context = await createContext({ Dockerfile: `FROM ${baseImage}\nCOPY salt /\n`, salt: 'x' });
    const [theirs, ours] = [await build('theirs', context.dir), await build('ours', context.dir)];
    for (const each of [theirs, ours]) assert.equal(each.code, 0, each.stderr);
    const id = await idOf('theirs');
    assert.equal(await idOf('ours'), id);
    const env = { ...environment(), TSBUILDX_FRONTEND: 'daemon' };
    const words = ['build', '--progress', 'plain', '-t', 'frontend-ours', context.dir];
    const told = [
      await runProgram(binaryPath(), words, { env }),
      await runProgram(binaryPath(), [...words, '--frontend=daemon'], { env: environment() }),
    ];
    for (const ran of told) {
      assert.equal(ran.code, 0, ran.stderr);
    }
    assert.equal(await idOf('ours'), id);
    const wrong = await runProgram(binaryPath(), [...words, '--frontend=other'], { env: environment() });
    assert.match(wrong.stderr, /invalid frontend "other": use client or daemon/);
  });
});
