import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { assertNever } from '../../../src/base/errors.ts';
import { type ChooseInput, chooseBuilder } from '../../../src/builder/choose.ts';

const path = mkdtempSync(join(tmpdir(), 'tsbuildx-store-'));
after(() => rmSync(path, { recursive: true, force: true }));
beforeEach(() => rmSync(path, { recursive: true, force: true }));

function write(name: string, content: unknown): void {
  mkdirSync(dirname(join(path, name)), { recursive: true });
  writeFileSync(join(path, name), typeof content === 'string' ? content : JSON.stringify(content));
}

async function choose(input: Partial<ChooseInput> = {}): Promise<string> {
  const choice = await chooseBuilder({
    name: undefined,
    stateDir: { path, owner: undefined },
    context: 'default',
    host: 'unix:///var/run/docker.sock',
    hasContext: async (name) => name === 'other',
    ...input,
  });
  switch (choice.kind) {
    case 'engine':
      return `engine ${choice.name}`;
    case 'address':
      return `address ${choice.text}`;
    case 'instance':
      return `instance ${choice.instance.name} ${choice.instance.driver} ${choice.instance.nodes.map((n) => n.endpoint).join()}`;
    default:
      return assertNever(choice);
  }
}

const mine = { Name: 'mine', Driver: 'remote', Nodes: [{ Name: 'mine0', Endpoint: 'tcp://h:1', DriverOpts: null }] };

test('without any builder it is the engine of the current context', async () => {
  assert.equal(await choose(), 'engine default');
  assert.equal(await choose({ context: 'prod' }), 'engine prod');
});

test('an address is taken as it is', async () => {
  assert.equal(await choose({ name: 'unix:///x.sock' }), 'address unix:///x.sock');
  await assert.rejects(choose({ name: 'foo://x' }), { code: 'INVALID_ARGUMENT' });
});

test('a name is a builder first, in any case of letters, then a context', async () => {
  write('instances/mine', mine);
  assert.equal(await choose({ name: 'Mine' }), 'instance mine remote tcp://h:1');
  assert.equal(await choose({ name: 'prod', context: 'prod' }), 'engine prod');
  await assert.rejects(choose({ name: 'other' }), {
    message: 'use `docker --context=other buildx` to switch to context "other"',
  });
  await assert.rejects(choose({ name: 'nobody' }), { code: 'NOT_FOUND', message: 'no builder "nobody" found' });
  await assert.rejects(choose({ name: '../x' }), { message: 'no builder "../x" found' });
});

test('buildx use is honoured for its engine, or for all', async () => {
  write('instances/mine', mine);
  write('current', { Key: 'unix:///var/run/docker.sock', Name: 'mine', Global: false });
  assert.equal(await choose(), 'instance mine remote tcp://h:1');
  assert.equal(await choose({ context: 'prod' }), 'engine prod');
  write('current', { Key: 'prod', Name: 'mine', Global: true });
  assert.equal(await choose(), 'instance mine remote tcp://h:1');
});

test('a default of the engine is used when nothing is current', async () => {
  write('instances/mine', mine);
  write(`defaults/${createHash('sha256').update('prod').digest('hex').slice(0, 20)}`, 'mine');
  assert.equal(await choose({ context: 'prod' }), 'instance mine remote tcp://h:1');
});

test('a current builder that is gone gives way to the engine', async () => {
  write('current', { Key: 'x', Name: 'gone', Global: true });
  assert.equal(await choose(), 'engine default');
});

test('a broken file is named', async () => {
  write('instances/mine', '{');
  await assert.rejects(choose({ name: 'mine' }), {
    code: 'INVALID_ARGUMENT',
    message: /instances\/mine is not valid JSON/,
  });
});
