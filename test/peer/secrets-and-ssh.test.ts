// What docker-buildx says of `--secret` and `--ssh`, and what becomes of the build, is what we say.
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { lastLine } from '../support/cli.ts';
import { baseImage } from '../support/engine.ts';
import { makeKey, startSshAgent, type SshAgentProcess } from '../support/openssh.ts';
import { type Peers, startPeers } from '../support/peers.ts';

const files: Readonly<Record<string, string>> = {
  token: 'the token',
  big: 'b'.repeat(512_001),
  'ctx/optional': 'RUN --mount=type=secret,id=a --mount=type=ssh cat /run/secrets/a; ls $SSH_AUTH_SOCK',
  'ctx/secret': 'RUN --mount=type=secret,id=a,required cat /run/secrets/a',
  'ctx/ssh': 'RUN --mount=type=ssh,id=x,required ls $SSH_AUTH_SOCK',
};

/** What is built, and with which flags. */
const cases: readonly (readonly [file: 'optional' | 'secret' | 'ssh', args: string])[] = [
  ['optional', ''],
  ['optional', '--secret id=a,src=token --ssh default=key'],
  ['secret', ''],
  ['secret', '--secret id=a,src=token --secret id=a,env=PRESENT'],
  ['secret', '--secret id=a,env=ABSENT'],
  ['secret', '--secret src=token'],
  ['secret', '--secret id=a,src=absent'],
  ['secret', '--secret id=a,src=ctx'],
  ['secret', '--secret id=a,src=big'],
  ['ssh', ''],
  ['ssh', '--ssh x'],
  ['ssh', '--ssh x=key,sock'],
  ['ssh', '--ssh x=sock'],
  ['ssh', '--ssh x=absent'],
  ['ssh', '--ssh x=token'],
  ['ssh', '--ssh x=ctx'],
  ['ssh', '--ssh x=locked'],
  ['ssh', '--ssh x=key --ssh x=key'],
  ['ssh', '--ssh x=raw=true,sock'],
];

await suite('secrets and agents', async () => {
  let peers: Peers;
  let agent: SshAgentProcess;
  let dir = '';

  before(async () => {
    peers = await startPeers();
    dir = await mkdtemp(join(tmpdir(), 'tsbx-forward-'));
    await mkdir(join(dir, 'ctx'));
    for (const [name, text] of Object.entries(files)) {
      const isDockerfile = name.startsWith('ctx/');
      await writeFile(join(dir, name), isDockerfile ? `FROM ${baseImage}\nARG SALT\n${text}\n` : text);
    }
    await makeKey(join(dir, 'key'), 'ed25519');
    await makeKey(join(dir, 'locked'), 'ecdsa', 'passphrase');
    agent = await startSshAgent([join(dir, 'key')]);
    await symlink(agent.socket, join(dir, 'sock'));
  });

  after(async () => {
    await agent[Symbol.asyncDispose]();
    await rm(dir, { recursive: true, force: true });
    await peers[Symbol.asyncDispose]();
  });

  for (const [file, args] of cases) {
    test(`${file} ${args}`, async () => {
      const results = await Promise.all(
        (['theirs', 'ours'] as const).map(async (side) => {
          const words = [
            'build',
            '--progress',
            'plain',
            '--build-arg',
            `SALT=${crypto.randomUUID()}`,
            '-f',
            `ctx/${file}`,
          ];
          const env = {
            PRESENT: 'from the environment',
            SSH_AUTH_SOCK: undefined,
            SSH_ASKPASS: undefined,
            SSH_ASKPASS_REQUIRE: 'force',
          };
          const flags = args.split(' ').filter((word) => word !== '');
          const { code, stderr } = await peers.run(side, [...words, ...flags, 'ctx'], { cwd: dir, env });
          // what the step has shown, and the reason of a failure
          const shown = stderr.match(/(?<=^#\d+ [\d.]+ )(?:the token|from the env|cat:|ls:|\/run\/).*$/gm);
          return { code, shown, reason: code === 0 ? '' : lastLine(stderr) };
        }),
      );
      const [theirs, ours] = results;
      assert.deepEqual(ours, theirs);
    });
  }
});
