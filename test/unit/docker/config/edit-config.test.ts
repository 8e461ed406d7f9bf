import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { setDockerAlias } from '../../../../src/docker/config/index.ts';

const root = mkdtempSync(join(tmpdir(), 'tsbuildx-alias-'));
after(() => rmSync(root, { recursive: true, force: true }));
const dir = join(root, 'docker');
const path = join(dir, 'config.json');
beforeEach(() => rmSync(dir, { recursive: true, force: true }));

async function edited(text: string, value: string | undefined): Promise<string> {
  rmSync(dir, { recursive: true, force: true });
  await setDockerAlias(dir, 'builder', 'x');
  writeFileSync(path, text);
  chmodSync(path, 0o640);
  await setDockerAlias(dir, 'builder', value);
  assert.deepEqual(readdirSync(dir), ['config.json']);
  return readFileSync(path, 'utf8');
}

test('a file is made as docker makes it', async () => {
  await setDockerAlias(dir, 'builder', undefined);
  assert.throws(() => statSync(path), { code: 'ENOENT' });
  await setDockerAlias(dir, 'builder', 'buildx');
  assert.equal(readFileSync(path, 'utf8'), '{\n\t"auths": {},\n\t"aliases": {\n\t\t"builder": "buildx"\n\t}\n}');
  assert.equal(statSync(path).mode & 0o777, 0o600);
});

test('all else stays as it is written', async () => {
  const odd = '{ "b":1.50,\n  "Unknown" : [ 1,2 ],\n  "aliases": {"x": "y"} }\n';
  assert.equal(
    await edited(odd, 'buildx'),
    '{ "b":1.50,\n  "Unknown" : [ 1,2 ],\n  "aliases": {\n    "x": "y",\n    "builder": "buildx"\n  }\n}\n',
  );
  assert.equal(await edited('{"aliases":{"builder":"a","x":"y"},"z":1}', undefined), '{"aliases":{"x":"y"},"z":1}');
  assert.equal(await edited('{"aliases":{"builder":"a"},"z":1}', undefined), '{"z":1}');
  assert.equal(await edited('{"z":1}', undefined), '{"z":1}');
});

test('the mode stays, and a link stays a link', async () => {
  await edited('{}', 'buildx');
  assert.equal(statSync(path).mode & 0o777, 0o640);
  const real = join(root, 'real.json');
  writeFileSync(real, '{}');
  rmSync(path);
  symlinkSync(real, path);
  await setDockerAlias(dir, 'builder', 'buildx');
  assert.equal(lstatSync(path).isSymbolicLink(), true);
  assert.match(readFileSync(real, 'utf8'), /"builder": ?"buildx"/);
});

test('a broken file is left alone', async () => {
  for (const text of ['{', '[]', '{"a":1,}']) {
    await assert.rejects(edited(text, 'buildx'), {
      code: 'INVALID_ARGUMENT',
      message: /config\.json\): not valid JSON$/,
    });
    assert.equal(readFileSync(path, 'utf8'), text);
  }
});
