import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseRemotePolicy, refusingPolicies } from '../../../src/build/policy.ts';
import { findBuildContext, type Gateway } from '../../../src/dockerfile/frontend/index.ts';
import { CapSet } from '../../../src/llb/index.ts';

const options = { signal: new AbortController().signal };

function contextOf(files: Readonly<Record<string, string>>, opts: Readonly<Record<string, string>> = {}): Gateway {
  const unused = (): never => assert.fail('not asked for');
  const caps = new CapSet([]);
  return {
    buildOpts: { opts, sessionId: '', workers: [], llbCaps: caps, caps },
    resolveSourceMeta: unused,
    solve: async () => ({ ref: { id: 'r' }, metadata: new Map() }),
    inputs: unused,
    warn: unused,
    readFile: async (_, { path }) => {
      const text = files[path];
      if (text === undefined) throw new Error(`failed to stat /x/${path}: no such file or directory`);
      if (text === 'broken') throw new Error('connection lost');
      return Buffer.from(text);
    },
  };
}

const read = async (files: Readonly<Record<string, string>>, path: string): Promise<string> =>
  Buffer.from(
    await refusingPolicies(contextOf(files), 'a/Dockerfile').readFile({ id: 'r' }, { path }, options),
  ).toString();

test('a Dockerfile without a policy is read', async () => {
  assert.equal(await read({ 'a/Dockerfile': 'FROM x' }, 'a/Dockerfile'), 'FROM x');
});

test('a Dockerfile with a policy is refused, other files are not', async () => {
  const files = { 'a/Dockerfile': 'FROM x', 'a/Dockerfile.rego': '', '.dockerignore': 'y' };
  await assert.rejects(read(files, 'a/Dockerfile'), {
    code: 'UNSUPPORTED',
    message: /^the policy a\/Dockerfile\.rego /,
  });
  assert.equal(await read(files, '.dockerignore'), 'y');
});

test('a policy that cannot be looked for is not passed by', async () => {
  await assert.rejects(
    read({ 'a/Dockerfile': 'FROM x', 'a/Dockerfile.rego': 'broken' }, 'a/Dockerfile'),
    /connection lost/,
  );
});

test('a frontend that reads the Dockerfile of a remote context itself is not run when there is a policy', async () => {
  const opts = { context: 'https://example.com/r.git', filename: 'a/Dockerfile' };
  const look = async (files: Readonly<Record<string, string>>): Promise<void> => {
    const gateway = contextOf(files, opts);
    await refuseRemotePolicy(gateway, await findBuildContext(gateway, options), options);
  };
  await look({ 'a/Dockerfile': '', 'Dockerfile.rego': '' });
  await assert.rejects(look({ 'a/Dockerfile.rego': '' }), {
    code: 'UNSUPPORTED',
    message: /^failed to read dockerfile: the policy a\/Dockerfile\.rego /,
  });
  await assert.rejects(look({ 'a/Dockerfile.rego': 'broken' }), {
    message: 'failed to read dockerfile: connection lost',
  });
});
