import assert from 'node:assert/strict';
import { test } from 'node:test';
import { contextNeeds, transferSlot } from '../../../src/build/transfer-slot.ts';

const parts = 'FROM scratch\nCOPY a /\n';

test('other targets and Dockerfiles than the default ones get a copy of their own for the parts that they need', () => {
  const slot = (target: string, dockerfile: string): string =>
    transferSlot({ target, contextDir: '/app', dockerfile }, () => parts);
  assert.equal(slot('', ''), '');
  assert.equal(slot('', '/app/Dockerfile'), '');
  const slots = [slot('one', ''), slot('two', ''), slot('', '/app/other'), slot('one', '/app/other'), slot('', '-')];
  assert.equal(new Set(slots).size, 5);
  assert.ok(!slots.includes(''));
});

test('builds that need the whole context share it', () => {
  const key = { target: 'one', contextDir: '/app', dockerfile: '' };
  assert.equal(
    transferSlot(key, () => 'FROM scratch\nCOPY . .\n'),
    '',
  );
  assert.equal(
    transferSlot(key, () => undefined),
    '',
  );
});

test('the Dockerfile of a default build is not read', () => {
  transferSlot({ contextDir: '/app', dockerfile: '' }, () => assert.fail('read'));
});

for (const [line, needs] of [
  ['COPY . .', ''],
  ['COPY ./ /app', ''],
  ['add --chown=1:2 / /', ''],
  ['COPY ["./", "/app/"]', ''],
  ['COPY a \\\n  # a remark\n  . /', ''],
  ['COPY * /', ''],
  ['ONBUILD COPY . /', ''],
  ['COPY $WHAT /', ''],
  ['RUN --mount=target=/src make', ''],
  ['RUN --mount=type=bind,source=.,target=/src make', ''],
  ['COPY --from=build . .', '-'],
  ['COPY a b/ *.json /', '*.json,a,b/'],
  ['COPY ["a b", "/app/"]', 'a,b'],
  ['# COPY . .', '-'],
  ['COPY <<EOF /x', '<<EOF'],
  ['ADD https://example.com/x /', 'https://example.com/x'],
  ['RUN --mount=type=cache,target=/x --mount=type=bind,src=a,target=/a cp . /', 'a'],
  ['RUN --mount=from=build,target=/src cp . /', '-'],
  ['WORKDIR .', '-'],
] as const) {
  test(`${JSON.stringify(line)}: ${needs === '' ? 'everything' : needs}`, () =>
    assert.equal(contextNeeds(`FROM x\n${line}\n`), needs));
}

test('Dockerfiles that are no files are told apart by what they need', () => {
  const slot = (text: string): string => transferSlot({ contextDir: '/app', dockerfile: '-' }, () => text);
  assert.equal(slot('FROM a\nCOPY b a /\n'), slot('FROM b\nCOPY a /\nCOPY b /\n'));
  assert.notEqual(slot('FROM a\nCOPY a /\n'), slot('FROM a\nCOPY b /\n'));
  assert.equal(slot('FROM a\nCOPY . /\n'), '');
});
