import assert from 'node:assert/strict';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { holdContext, prepareInputs } from '../../../src/build/inputs.ts';
import { addToLayoutIndex } from '../../../src/registry/layout/index.ts';
import { putBlob } from '../../support/layouts.ts';

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

test('an archive that cannot be read is told to who reads it, however late', async () => {
  const stream = createReadStream(join(root, 'missing.tar'));
  const options = { context: { kind: 'tar', stream } } as const;
  holdContext(options);
  await setImmediate();
  await using inputs = await prepareInputs(options, root);
  while (stream.errored === null) await setImmediate();
  const [upload] = inputs.uploads.values();
  await assert.rejects(text(upload ?? Readable.from([])), { code: 'ENOENT' });
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
  const local = { context: { kind: 'local', path: 'app' } } as const;
  for (const [path, message] of [
    ['nope/x/Dockerfile', 'resolve : lstat nope: no such file or directory'],
    ['app/nope/x/Dockerfile', 'resolve : lstat app/nope: no such file or directory'],
    ['app/Dockerfile/x', 'stat app/Dockerfile: not a directory'],
    ['app/Dockerfile/x/y', 'resolve : not a directory'],
  ] as const) {
    const options = { ...local, dockerfile: { kind: 'path', path } } as const;
    await assert.rejects(prepareInputs(options, root), { code: 'NOT_FOUND', message });
  }
  for (const [value, message] of [
    ['app/Dockerfile', 'failed to get build context path app/Dockerfile: not a directory'],
    ['', 'failed to get build context x: stat : no such file or directory'],
    ['target:base', 'failed to find target base for context x'],
  ] as const) {
    await assert.rejects(prepareInputs({ ...local, namedContexts: { x: value } }, root), {
      code: 'NOT_FOUND',
      message,
    });
  }
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

test('a tar archive is uploaded; a path in it is not of this machine', async () => {
  const stream = Readable.from(['x']);
  const inputs = await prepareInputs(
    { context: { kind: 'tar', stream }, dockerfile: { kind: 'path', path: '/x/Dockerfile' } },
    root,
  );
  const [[id, uploaded] = []] = [...inputs.uploads];
  assert.equal(uploaded, stream);
  assert.deepEqual(Object.fromEntries(inputs.attributes), {
    context: `http://buildkit-session/${id}`,
    filename: '/x/Dockerfile',
  });
  assert.equal(inputs.localDirs.size, 0);
  assert.equal(inputs.localPath, '-');
  await inputs[Symbol.asyncDispose]();
  assert.ok(stream.destroyed, 'nobody reads it any more');
});

test('a Dockerfile of the web is fetched through the builder', async () => {
  const options = {
    context: { kind: 'local', path: 'app' },
    dockerfile: { kind: 'url', url: 'https://example.com/D' },
  } as const;
  await using inputs = await prepareInputs(options, root, async (url) => Buffer.from(`FROM ${url}`));
  const dir = inputs.localDirs.get('dockerfile') ?? '';
  assert.equal(readFileSync(join(dir, 'Dockerfile'), 'utf8'), 'FROM https://example.com/D');
  assert.deepEqual(Object.fromEntries(inputs.attributes), { dockerfilekey: 'dockerfile', filename: 'Dockerfile' });
  await assert.rejects(prepareInputs(options, root), {
    code: 'UNSUPPORTED',
    message: 'only a daemon can fetch https://example.com/D',
  });
});

const repository = 'https://example.com/r.git?branch=main&subdir=sub';

test('a git URL with a query asks for a frontend that reads it', async () => {
  await using inputs = await prepareInputs(
    { context: { kind: 'remote', url: repository }, namedContexts: { x: repository }, env: {} },
    root,
  );
  assert.deepEqual(Object.fromEntries(inputs.attributes), {
    context: repository,
    'context:x': repository,
    filename: 'Dockerfile',
    'frontend.caps':
      'moby.buildkit.frontend.contexts+forward,moby.buildkit.frontend.gitquerystring,moby.buildkit.frontend.gitquerystring+forward',
  });
  assert.equal(inputs.definitions.size, 0);
});

test('or is given as LLB', async () => {
  const options = {
    context: { kind: 'remote', url: repository },
    namedContexts: { x: repository, bad: 'https://example.com/r.git?nope=1' },
    env: { BUILDX_SEND_GIT_QUERY_AS_INPUT: '1' },
  } as const;
  await using inputs = await prepareInputs(options, root);
  assert.deepEqual(Object.fromEntries(inputs.attributes), {
    'input:context': repository,
    'context:x': 'input:git_state_context:x',
    'input:context:x': repository,
    'context:bad': 'https://example.com/r.git?nope=1',
    filename: 'Dockerfile',
    'frontend.caps': 'moby.buildkit.frontend.contexts+forward',
  });
  assert.deepEqual([...inputs.definitions.keys()], ['context', 'dockerfile', 'git_state_context:x']);
  await using separate = await prepareInputs({ ...options, dockerfile: { kind: 'text', text: '' } }, root);
  assert.ok(!separate.definitions.has('dockerfile'));
  await assert.rejects(
    prepareInputs({ ...options, context: { kind: 'remote', url: 'https://example.com/r.git?nope=1' } }, root),
    { message: 'unexpected query "nope"' },
  );
});

test('what is sent for another target is kept apart, unless it is everything', async () => {
  const keyOf = async (target?: string): Promise<string> => {
    await using inputs = await prepareInputs({ context: { kind: 'local', path: 'parts' }, target }, root);
    return inputs.sharedKey;
  };
  mkdirSync(join(root, 'parts'));
  writeFileSync(join(root, 'parts/Dockerfile'), 'FROM scratch AS one\nCOPY a /\n');
  assert.equal(await keyOf(), 'parts');
  assert.equal(await keyOf('one'), 'parts:one:');
  writeFileSync(join(root, 'parts/Dockerfile'), 'FROM scratch AS one\nCOPY . /\n');
  assert.equal(await keyOf('one'), 'parts');
});

test('an OCI layout is a named context by its digest, under an id of its own', async () => {
  const layout = join(root, 'layout');
  const manifest = putBlob(layout, '{}', 'application/vnd.oci.image.manifest.v1+json');
  await addToLayoutIndex(layout, manifest, [{ kind: 'tag', tag: 'v1' }]);
  const context = { kind: 'local', path: 'app' } as const;
  const namedContexts = { base: 'oci-layout://layout:v1', any: 'oci-layout://layout:v2' };
  await using inputs = await prepareInputs({ context, namedContexts }, root);
  const [, id, tag, digest] =
    /^oci-layout:\/\/(\w+):(v\d)@(.*)$/.exec(inputs.attributes.get('context:base') ?? '') ?? [];
  assert.deepEqual([tag, digest], ['v1', manifest.digest]);
  assert.equal(inputs.stores.get(`oci:${id}`)?.dir, layout);
  assert.equal(inputs.stores.size, 2);

  await addToLayoutIndex(layout, manifest, [{ kind: 'tag', tag: 'v3' }]);
  const wrong: readonly (readonly [text: string, message: RegExp])[] = [
    [
      'oci-layout://layout:v2',
      /^oci-layout reference "oci-layout:\/\/layout:v2" could not be resolved: failed to resolve digest$/,
    ],
    [
      'oci-layout://none',
      /^oci-layout reference "oci-layout:\/\/none" could not be resolved: could not read .*no such file or directory$/,
    ],
  ];
  for (const [base, message] of wrong) {
    await assert.rejects(prepareInputs({ context, namedContexts: { base } }, root), { code: 'NOT_FOUND', message });
  }
});
