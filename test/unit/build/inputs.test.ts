import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { prepareInputs } from '../../../src/build/inputs.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbuildx-inputs-'));
after(() => rmSync(root, { recursive: true, force: true }));
const app = join(root, 'app');
mkdirSync(join(app, 'sub'), { recursive: true });
writeFileSync(join(app, 'Dockerfile'), 'FROM scratch\n');

test('a local context serves itself and its Dockerfile', async () => {
  await using inputs = await prepareInputs({ context: { kind: 'local', path: 'app/' } }, root);
  assert.deepEqual(Object.fromEntries(inputs.localDirs), { context: app, dockerfile: app });
  assert.deepEqual(Object.fromEntries(inputs.attributes), { filename: 'Dockerfile' });
  assert.equal(inputs.sharedKey, 'app');
  assert.equal(inputs.localPath, app);
});

test('a Dockerfile elsewhere is found from the working directory', async () => {
  const options = {
    context: { kind: 'local', path: 'app/sub' },
    dockerfile: { kind: 'path', path: 'app/Dockerfile' },
  } as const;
  await using inputs = await prepareInputs(options, root);
  assert.equal(inputs.localDirs.get('dockerfile'), app);
  assert.equal(inputs.dockerfilePath, join(app, 'Dockerfile'));
});

test('dockerfile stands in for Dockerfile only where a listing shows just that', async () => {
  const lower = join(root, 'lower');
  mkdirSync(lower);
  writeFileSync(join(lower, 'dockerfile'), 'FROM scratch\n');
  await using inputs = await prepareInputs({ context: { kind: 'local', path: lower } }, root);
  assert.equal(inputs.attributes.get('filename'), 'dockerfile');
});

test('what is in memory is on disk while the build runs, and gone after', async () => {
  const inputs = await prepareInputs(
    {
      context: { kind: 'memory', files: { 'a/b': 'text', c: new Uint8Array([1]) } },
      dockerfile: { kind: 'text', text: 'FROM scratch' },
    },
    root,
  );
  const [context = '', dockerfile = ''] = [inputs.localDirs.get('context'), inputs.localDirs.get('dockerfile')];
  assert.equal(readFileSync(join(context, 'a/b'), 'utf8'), 'text');
  assert.equal(readFileSync(join(dockerfile, 'Dockerfile'), 'utf8'), 'FROM scratch');
  assert.equal(inputs.attributes.get('dockerfilekey'), 'dockerfile');
  await inputs[Symbol.asyncDispose]();
  assert.ok(!existsSync(context) && !existsSync(dockerfile));
});

test('a file in memory stays inside its context', async () => {
  for (const name of ['../x', '/etc/x', 'a/../../x']) {
    const options = { context: { kind: 'memory', files: { [name]: '' } } } as const;
    await assert.rejects(prepareInputs(options, root), {
      code: 'INVALID_ARGUMENT',
      message: /must lie inside the context/,
    });
  }
});

test('a remote context is the daemon’s to fetch; a relative Dockerfile lies in it', async () => {
  const url = 'https://example.com/r.git#main';
  await using inputs = await prepareInputs(
    { context: { kind: 'remote', url }, dockerfile: { kind: 'path', path: 'x/Dockerfile' } },
    root,
  );
  assert.deepEqual(Object.fromEntries(inputs.attributes), { context: url, filename: 'x/Dockerfile' });
  assert.equal(inputs.localDirs.size, 0);
});

test('named contexts', async () => {
  const namedContexts = { base: 'docker-image://alpine', src: 'app/sub', context: 'app' };
  await using inputs = await prepareInputs({ context: { kind: 'local', path: 'app' }, namedContexts }, root);
  assert.equal(inputs.attributes.get('context:base'), 'docker-image://alpine');
  assert.equal(inputs.attributes.get('context:src'), 'local:src');
  assert.equal(inputs.attributes.get('sharedkey:localdir:src'), 'sub');
  assert.equal(inputs.attributes.get('context:context'), 'local:_context');
  assert.equal(inputs.localDirs.get('_context'), app);
  assert.equal(inputs.attributes.get('frontend.caps'), 'moby.buildkit.frontend.contexts+forward');
});

test('a directory that is not there is named', async () => {
  await assert.rejects(prepareInputs({ context: { kind: 'local', path: 'nope' } }, root), {
    code: 'NOT_FOUND',
    message: 'unable to prepare context: path "nope" not found',
  });
  await assert.rejects(prepareInputs({ context: { kind: 'local', path: 'app' }, namedContexts: { x: 'nope' } }, root), {
    message: 'failed to get build context x: stat nope: no such file or directory',
  });
});

test('a policy beside the Dockerfile is never passed by', async () => {
  const guarded = join(root, 'guarded');
  mkdirSync(guarded);
  writeFileSync(join(guarded, 'Dockerfile.rego'), 'package docker\n');
  await assert.rejects(prepareInputs({ context: { kind: 'local', path: guarded } }, root), {
    code: 'UNSUPPORTED',
    message: /^the policy .*guarded\/Dockerfile\.rego cannot be evaluated yet/,
  });
});
