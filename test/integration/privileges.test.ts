// What a build may do: entitlements, limits and source policies, on an engine that grants all of them.
import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { createContext, lastLine } from '../support/cli.ts';
import { baseImage, type Ran, runProgram, startEngine, type TestEngine } from '../support/engine.ts';
import { mainProgram } from '../support/running.ts';

suite('privileges', () => {
  let granting: TestEngine;
  let refusing: TestEngine;
  before(async () => {
    granting = await startEngine('forky', { builder: { entitlements: { 'security-insecure': true } } });
    refusing = await startEngine('forky', {
      builder: { entitlements: { 'security-insecure': false, 'network-host': false } },
    });
  });
  after(async () => {
    await granting?.[Symbol.asyncDispose]();
    await refusing?.[Symbol.asyncDispose]();
  });

  interface Build {
    readonly engine?: TestEngine;
    readonly env?: Readonly<Record<string, string>>;
    readonly files?: Readonly<Record<string, string>>;
  }

  async function build(dockerfile: string, args: readonly string[], how: Build = {}): Promise<Ran> {
    await using context = await createContext({ Dockerfile: dockerfile, ...how.files });
    const env = {
      DOCKER_HOST: (how.engine ?? granting).host,
      DOCKER_CONTEXT: undefined,
      BUILDX_BUILDER: undefined,
      ...how.env,
    };
    const words = [mainProgram, 'build', '--progress', 'plain', '-o', 'type=cacheonly', '--no-cache', ...args, '.'];
    return await runProgram(process.execPath, words, { env, cwd: context.dir });
  }

  const privileged = `# syntax=docker/dockerfile:1\nFROM ${baseImage}\nRUN --security=insecure grep CapEff /proc/self/status\n`;
  const hostNetwork = `FROM ${baseImage}\nRUN --network=host ls /sys/class/net\n`;

  test('RUN --security=insecure has all capabilities where it is allowed', async () => {
    const plain = await build(privileged.replace(' --security=insecure', ''), []);
    const allowed = await build(privileged, ['--allow', 'security.insecure']);
    assert.equal(allowed.code, 0, allowed.stderr);
    const capabilities = (ran: Ran): bigint => BigInt(`0x${/CapEff:\s*([0-9a-f]+)/.exec(ran.stderr)?.[1] ?? ''}`);
    assert.ok(capabilities(allowed) > capabilities(plain));
  });

  const refusals: readonly (readonly [name: string, dockerfile: string, args: readonly string[], reason: string])[] = [
    ['insecure, not asked for', privileged, [], 'security.insecure is not allowed'],
    ['the host’s network, not asked for', hostNetwork, [], 'network.host is not allowed'],
    ['what it does not know', 'FROM scratch\n', ['--allow', 'ssh'], 'unknown entitlement ssh'],
  ];
  for (const [name, dockerfile, args, reason] of refusals) {
    test(`refused: ${name}`, async () => {
      const ran = await build(dockerfile, args);
      assert.equal(ran.code, 1);
      assert.ok(lastLine(ran.stderr).endsWith(reason), ran.stderr);
      assert.ok(lastLine(ran.stderr).startsWith('ERROR: failed to build: '), ran.stderr);
    });
  }

  test('RUN --network=host and --network host see the host’s devices', async () => {
    const asked = await build(hostNetwork, ['--allow', 'network.host']);
    assert.equal(asked.code, 0, asked.stderr);
    assert.match(asked.stderr, /tsbx\d/);
    const forced = await build(hostNetwork.replace(' --network=host', ''), ['--network', 'host']);
    assert.equal(forced.code, 0, forced.stderr);
    assert.match(forced.stderr, /tsbx\d/);
  });

  for (const entitlement of ['security.insecure', 'network.host']) {
    test(`an engine that does not grant ${entitlement} says so`, async () => {
      const ran = await build('FROM scratch\n', ['--allow', entitlement], { engine: refusing });
      assert.equal(ran.code, 1);
      assert.match(lastLine(ran.stderr), new RegExp(`^ERROR: failed to build: .*${entitlement} is not allowed`));
    });
  }

  test('limits do not stop a build on an engine that cannot set them', async () => {
    const ran = await build(`FROM ${baseImage}\nRUN true\n`, [
      '--resource',
      'memory=64m',
      '-c',
      '5',
      '--cpuset-cpus=0',
    ]);
    assert.equal(ran.code, 0, ran.stderr);
  });

  const rule = (action: string): string =>
    JSON.stringify({
      version: 1,
      rules: [
        {
          action,
          selector: { identifier: 'docker-image://docker.io/library/never-there:latest' },
          updates: { identifier: `docker-image://docker.io/${baseImage}` },
        },
      ],
    });

  test('a source policy is applied by the daemon', async () => {
    const dockerfile = 'FROM never-there\nRUN echo has-run\n';
    const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'policy.json' };
    const converted = await build(dockerfile, [], { env, files: { 'policy.json': rule('CONVERT') } });
    assert.equal(converted.code, 0, converted.stderr);
    assert.match(converted.stderr, /has-run/);
    const denied = await build(dockerfile, [], { env, files: { 'policy.json': rule('DENY') } });
    assert.equal(denied.code, 1);
    assert.match(lastLine(denied.stderr), /source .*never-there.* denied by policy/);
  });

  test('a source policy that cannot be read stops the build', async () => {
    const env = { EXPERIMENTAL_BUILDKIT_SOURCE_POLICY: 'policy.json' };
    const missing = await build('FROM scratch\n', [], { env });
    assert.equal(
      lastLine(missing.stderr),
      'ERROR: failed to read policy file: open policy.json: no such file or directory',
    );
    const broken = await build('FROM scratch\n', [], { env, files: { 'policy.json': '{"rules"' } });
    assert.match(lastLine(broken.stderr), /^ERROR: failed to parse source policy: /);
    assert.deepEqual([missing.code, broken.code], [1, 1]);
  });

  const guarded = { files: { 'Dockerfile.rego': 'package docker\n' } };
  const policies: readonly (readonly [args: readonly string[], code: number])[] = [
    [[], 1],
    [['--policy', 'strict=true'], 1],
    [['--policy', 'disabled=true'], 0],
    [['--policy', 'reset=true'], 0],
    [['--policy', 'reset=true,filename=Dockerfile.rego'], 1],
  ];
  for (const [args, code] of policies) {
    test(`a Dockerfile with a policy, ${args.join(' ') || 'no flags'}`, async () => {
      for (const frontend of ['client', 'daemon']) {
        const ran = await build('FROM scratch\nLABEL a=b\n', [...args, '--frontend', frontend], guarded);
        assert.equal(ran.code, code, ran.stderr);
        if (code !== 0) assert.match(lastLine(ran.stderr), /the policy .*Dockerfile\.rego cannot be evaluated/);
      }
    });
  }
});
