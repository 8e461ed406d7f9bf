import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { type BuildInputs, prepareInputs } from '../../../src/build/inputs.ts';
import type { BuildOptions, IgnoreRules } from '../../../src/build/options.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbuildx-ignore-'));
after(() => rmSync(root, { recursive: true, force: true }));
const app = join(root, 'app');
mkdirSync(app);
writeFileSync(join(app, 'Dockerfile'), 'FROM scratch\n');
writeFileSync(join(app, 'rules'), '*.md\n');

async function inputsOf(ignore: IgnoreRules | undefined, changes: Partial<BuildOptions> = {}): Promise<BuildInputs> {
  return await prepareInputs({ context: { kind: 'local', path: 'app' }, ignore, ...changes }, root);
}

/** What lies beside the Dockerfile that is served. */
function rulesOf({ localDirs, attributes }: BuildInputs): string {
  const dir = localDirs.get('dockerfile') ?? '';
  assert.notEqual(dir, app);
  return readFileSync(join(dir, `${attributes.get('filename')}.dockerignore`), 'utf8');
}

test('the rules lie beside the Dockerfile: those of the file, then the patterns', async () => {
  await using inputs = await inputsOf({ file: 'app/rules', patterns: ['!a.md', 'b'] });
  assert.match(rulesOf(inputs), /^\*\.md\n+!a\.md\nb\n/);
  assert.equal(readFileSync(join(inputs.localDirs.get('dockerfile') ?? '', 'Dockerfile'), 'utf8'), 'FROM scratch\n');
  assert.equal(inputs.localDirs.get('context'), app);
  assert.equal(inputs.dockerfilePath, '');
});

test('no rules are rules, too: the file of the context does not count', async () => {
  await using inputs = await inputsOf({ patterns: [] });
  assert.notEqual(rulesOf(inputs), '');
});

test('an inline Dockerfile has them, too', async () => {
  await using inputs = await inputsOf({ patterns: ['x'] }, { dockerfile: { kind: 'text', text: 'FROM a\n' } });
  assert.match(rulesOf(inputs), /^x\n/);
  assert.equal(inputs.attributes.get('dockerfilekey'), 'dockerfile');
});

test('a daemon keeps what different rules leave of a context apart', async () => {
  const keyOf = async (ignore: IgnoreRules | undefined): Promise<string> => {
    await using inputs = await inputsOf(ignore);
    return inputs.sharedKey;
  };
  const [none, x, again, y] = [
    await keyOf(undefined),
    await keyOf({ patterns: ['x'] }),
    await keyOf({ patterns: ['x'] }),
    await keyOf({ patterns: ['y'] }),
  ];
  assert.equal(none, 'app');
  assert.equal(x, again);
  assert.equal(new Set([none, x, y]).size, 3);
});

test('what cannot be left out is said', async () => {
  await assert.rejects(inputsOf({ file: 'gone' }), {
    code: 'NOT_FOUND',
    message: 'failed to read the ignore file "gone": open gone: no such file or directory',
  });
  await assert.rejects(inputsOf({ file: 'app' }), { code: 'IO' });
  await assert.rejects(inputsOf({}, { context: { kind: 'remote', url: 'https://example.com/r.git' } }), {
    code: 'INVALID_ARGUMENT',
  });
});
