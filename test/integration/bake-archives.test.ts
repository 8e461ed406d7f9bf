// Definitions in an archive of the web, which docker-buildx means to read and cannot: "invalid input type *llb.State for copy".
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { bake, type BakeOptions, buildTargets } from '../../src/index.ts';
import { type AssetServer, startAssetServer } from '../support/asset-server.ts';
import { createContext } from '../support/cli.ts';
import { type TestEngine, useEngine } from '../support/engine.ts';

const files = {
  'docker-bake.hcl': `
    target "default" {
      context = "app"
      contexts = { whole = ".", lib = "lib/x" }
      dockerfile = "sub/Other"
    }
    target "root" { dockerfile-inline = "FROM scratch\\nCOPY file /\\n" }
    target "here" {
      context = BAKE_CMD_CONTEXT
      dockerfile-inline = "FROM scratch\\nCOPY mine /\\n"
    }
    target "linked" {
      context = "app"
      contexts = { base = "target:root" }
      dockerfile-inline = "FROM base\\nCOPY file /mine\\n"
    }`,
  'sub/other.hcl': 'target "default" { dockerfile-inline = "FROM scratch\\nCOPY file /from-other\\n" }',
  file: 'of the root\n',
  'app/file': 'of the app\n',
  'app/sub/Other': 'FROM scratch\nCOPY file /file\nCOPY --from=whole file /whole\nCOPY --from=lib file /lib\n',
  'lib/x/file': 'of the library\n',
};

let engine: TestEngine;
let server: AssetServer;
before(async () => {
  engine = await useEngine();
  await using archive = await createContext(files);
  const pack = (...flags: string[]): Buffer => execFileSync('tar', ['-C', archive.dir, ...flags, '-f', '-', '.']);
  server = await startAssetServer({
    'x.tar': pack('-c'),
    'x.tar.gz': pack('-cz'),
    'single.hcl': `target "default" { dockerfile-inline = "FROM scratch\\nCOPY mine /\\n" }\n# ${'x'.repeat(4000)}`,
  });
});
after(async () => {
  await server?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

async function built(target: string, options: BakeOptions): Promise<(name: string) => Promise<string>> {
  const context = await createContext({ mine: 'mine\n' });
  await using stack = new AsyncDisposableStack();
  stack.use(context);
  const env = { PATH: process.env['PATH'], HOME: context.dir };
  const docker = { configDir: context.dir, host: engine.host };
  const overrides = [`${target}.output=type=local,dest=out`];
  const { builds } = await bake({ docker, env, cwd: context.dir, targets: [target], overrides, ...options });
  await buildTargets(builds);
  const found = new Map<string, string>();
  for (const name of ['file', 'whole', 'lib', 'mine', 'from-other']) {
    found.set(name, await readFile(join(context.dir, 'out', name), 'utf8').catch(() => ''));
  }
  return async (name) => found.get(name) ?? '';
}

for (const name of ['x.tar', 'x.tar.gz']) {
  test(`contexts, named contexts and Dockerfiles lie in the archive: ${name}`, async () => {
    const fileOf = await built('default', { remote: `${server.url}/${name}` });
    assert.equal(await fileOf('file'), files['app/file']);
    assert.equal(await fileOf('whole'), files.file);
    assert.equal(await fileOf('lib'), files['lib/x/file']);
  });
}

test('the archive itself is a context, and the working directory can be one', async () => {
  const remote = `${server.url}/x.tar`;
  assert.equal(await (await built('root', { remote }))('file'), files.file);
  assert.equal(await (await built('here', { remote }))('mine'), 'mine\n');
  const linked = await built('linked', { remote });
  assert.equal(await linked('file'), files.file);
  assert.equal(await linked('mine'), files['app/file']);
});

test('a definition anywhere in the archive', async () => {
  const fileOf = await built('default', { remote: `${server.url}/x.tar`, files: ['sub/other.hcl'] });
  assert.equal(await fileOf('from-other'), files.file);
});

test('a single file is a definition of the working directory, however long', async () => {
  const fileOf = await built('default', { remote: `${server.url}/single.hcl` });
  assert.equal(await fileOf('mine'), 'mine\n');
});

test('what is not in the archive is named', async () => {
  const reading = built('default', { remote: `${server.url}/x.tar`, files: ['nothing.hcl'] });
  await assert.rejects(reading, /nothing\.hcl: no such file or directory/);
});
