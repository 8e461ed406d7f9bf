// What both programs tell of a Dockerfile instead of building it: the same text, the same JSON, the same exit code.
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { createContext } from '../support/cli.ts';
import { baseImage } from '../support/engine.ts';
import { type Peers, type Side, startPeers } from '../support/peers.ts';

interface CallCase {
  readonly name: string;
  readonly dockerfile: string;
  readonly args?: readonly string[];
  /** Compare the JSON as well. */
  readonly json?: true;
}

const cases: readonly CallCase[] = [
  { name: 'nothing to tell', dockerfile: 'FROM scratch\nCOPY . /\n', json: true },
  {
    name: 'arguments, secrets and sockets of several stages',
    dockerfile: `# VERSION of the thing
ARG VERSION=1
ARG BASE=${baseImage}
ARG FULL=\${BASE}:latest
ARG unused=3
# base is where it starts
FROM \${FULL} AS base
# WHO is greeted
ARG WHO=world
ARG VERSION
ARG NOVAL
RUN --mount=type=secret,id=mysecret,required=true --mount=type=ssh true
FROM scratch AS Other
COPY a /
FROM base
ARG WHO="\${WHO} again" MORE=1
MAINTAINER me
ENV foo bar
RUN --mount=type=secret,target=/x/y --mount=type=ssh,id=abc,required=true echo $WHO $UNDEF
CMD echo hi
`,
    args: ['--build-arg', 'NOVAL=<given>&more'],
    json: true,
  },
  {
    name: 'a target of its own, with a description',
    dockerfile: `ARG A=1
# first is the first
FROM scratch AS first
ARG A
ARG B=$A
# second comes after
FROM first as Second
ARG C=\${B}-\${A}
FROM second
ARG D
`,
    args: ['--target', 'second', '--platform', 'linux/arm64'],
    json: true,
  },
  { name: 'a line that does not parse', dockerfile: 'FROM scratch\nFOO a /\n', json: true },
  { name: 'warnings before an error', dockerfile: 'from scratch as Foo\nCOPY a /\nRUN --network=bogus x\n' },
  { name: 'warnings as errors', dockerfile: '# check=error=true\nFROM scratch AS Foo\nCOPY a /\n' },
  { name: 'rules that are skipped', dockerfile: '# check=skip=all\nfrom scratch as Foo\nCOPY a /\n' },
  { name: 'a stage that is not there', dockerfile: 'FROM scratch\n', args: ['--target', 'nosuch'] },
  {
    name: 'a base image for a platform, named by arguments',
    dockerfile: `ARG TAG\nFROM --platform=$TARGETPLATFORM ${baseImage.replace(':latest', '')}\${TAG}\nWORKDIR rel\nEXPOSE 80/TCP\n`,
    args: ['--build-arg', 'TAG=:latest'],
  },
  { name: 'a check without consequences', dockerfile: 'FROM scratch AS X\n', args: ['--call=check,ignorestatus=1'] },
  { name: 'no such call', dockerfile: 'FROM scratch\n', args: ['--call=nonsense'] },
];

const calls = ['check', 'outline', 'targets'];

let peers: Peers;
before(async () => {
  peers = await startPeers();
});
after(async () => {
  await peers[Symbol.asyncDispose]();
});

describe('calls', () => {
  for (const { name, dockerfile, args = [], json } of cases) {
    const own = args.some((arg) => arg.startsWith('--call='));
    for (const call of own ? [''] : calls.flatMap((each) => (json ? [each, `${each},format=json`] : [each]))) {
      it(`${name} ${call}`, async () => {
        await using context = await createContext({ Dockerfile: dockerfile, a: 'a' });
        const flags = ['build', ...(call === '' ? [] : [`--call=${call}`]), ...args, context.dir];
        assert.deepEqual(await told('ours', flags), await told('theirs', flags));
      });
    }
  }

  it('lists the calls that there are', async () => {
    await using context = await createContext({ Dockerfile: 'FROM scratch\n' });
    for (const format of ['', ',format=json']) {
      const flags = ['build', `--print=subrequests.describe${format}`, context.dir];
      assert.deepEqual(await told('ours', flags), await told('theirs', flags));
    }
  });

  it('writes what it told to the metadata file', async () => {
    await using context = await createContext({ Dockerfile: 'FROM scratch AS Foo\nCOPY a /\n' });
    const file = join(context.dir, 'metadata.json');
    const written: unknown[] = [];
    for (const side of ['ours', 'theirs'] as const) {
      await rm(file, { force: true });
      const { code } = await peers.run(side, ['build', '--check', '--metadata-file', file, context.dir]);
      assert.equal(code, 1);
      written.push(JSON.parse(withoutSession(await readFile(file, 'utf8'))));
    }
    assert.deepEqual(written[0], written[1]);
  });

  it('shows the name of the Dockerfile as it was given', async () => {
    await using context = await createContext({ 'sub/Other.df': 'FROM scratch AS Foo\nCOPY a /\n' });
    const flags = ['build', '--check', '-f', 'sub/Other.df', '.'];
    assert.deepEqual(await told('ours', flags, context.dir), await told('theirs', flags, context.dir));
  });
});

interface Told {
  readonly code: number | null;
  readonly stdout: string;
  /** The last line of an error, and what follows. */
  readonly error: string;
}

async function told(side: Side, flags: readonly string[], cwd?: string): Promise<Told> {
  const { code, stdout, stderr } = await peers.run(side, flags, { cwd });
  const error = /^ERROR: .*$/ms.exec(stderr)?.[0] ?? '';
  // Go's buildx says this twice.
  const once = error.replace(/(unsupported request \S+): \1/, '$1');
  return { code, stdout: withoutSession(stdout), error: once };
}

/** The graph that loads the Dockerfile names the session, which is new each time; digests and their order follow. */
function withoutSession(text: string): string {
  return text.replace(/"definition": \{.*?\n( *)\},\n\s*"language"/gs, '"definition": {},\n"language"');
}
