import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayNeedAll, transferSlot } from '../../../src/build/transfer-slot.ts';

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

for (const [line, all] of [
  ['COPY . .', true],
  ['COPY ./ /app', true],
  ['add --chown=1:2 / /', true],
  ['COPY ["./", "/app/"]', true],
  ['COPY a \\\n  # a remark\n  . /', true],
  ['COPY * /', true],
  ['ONBUILD COPY . /', true],
  ['COPY $WHAT /', true],
  ['RUN --mount=target=/src make', true],
  ['RUN --mount=type=bind,source=.,target=/src make', true],
  ['COPY --from=build . .', false],
  ['COPY a b/ *.json /', false],
  ['COPY ["a b", "/app/"]', false],
  ['# COPY . .', false],
  ['COPY <<EOF /x', false],
  ['ADD https://example.com/x /', false],
  ['RUN --mount=type=cache,target=/x --mount=type=bind,src=a,target=/a cp . /', false],
  ['RUN --mount=from=build,target=/src cp . /', false],
  ['WORKDIR .', false],
] as const) {
  test(`${JSON.stringify(line)}: ${all ? 'everything' : 'parts'}`, () =>
    assert.equal(mayNeedAll(`FROM x\n${line}\n`), all));
}
