import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWorld } from '../../../../scripts/golden/world.ts';
import { type Conversion, encodeImage } from '../../../../src/dockerfile/convert/index.ts';
import { convertPlatform, marshalConversion, prepareFrontend } from '../../../../src/dockerfile/frontend/index.ts';
import { dumpDefinition, type Json } from '../../../../src/llb/index.ts';

const { signal } = new AbortController();

interface Given {
  readonly opts?: object;
  readonly images?: object;
  readonly files?: object;
}

async function convert(
  dockerfile: string,
  given: Given = {},
): Promise<{ conversion: Conversion; ops: Json[]; warnings: string[] }> {
  const frontend = await prepareFrontend(createWorld({ id: 'test', dockerfile, ...given }), { signal });
  const warnings: string[] = [];
  const { targetPlatforms } = frontend.options;
  const conversion = await convertPlatform(frontend, targetPlatforms[0], ({ message }) => warnings.push(message), {
    signal,
  });
  const ops = dumpDefinition(marshalConversion(conversion, frontend.gateway)).map(({ op }) => op);
  return { conversion, ops, warnings };
}

test('a linked copy as the first layer keeps the settings of the stage', async () => {
  const { ops } = await convert('FROM scratch\nENV A=1\nWORKDIR /w\nCOPY --link x /\nRUN y\n');
  assert.match(JSON.stringify(ops), /"A=1"/);
});

test('only the paths that are used of the context are sent', async () => {
  const { ops } = await convert(
    'FROM scratch AS unused\nCOPY no /\nFROM scratch\nCOPY b a/../c /\nRUN --mount=source=d,target=/d x\n',
  );
  assert.match(JSON.stringify(ops), /\[\\"b\\",\\"c\\",\\"d\\"\]/);
});

test('an ARG takes the build argument, its default, then the value from before the first FROM', async () => {
  const dockerfile = 'ARG A=global\nARG B=global\nFROM scratch\nARG A=default\nARG B\nARG C=default\nRUN x\n';
  const { conversion } = await convert(dockerfile, { opts: { buildArgs: { C: 'given' } } });
  assert.match(conversion.image.history.at(-1)?.createdBy ?? '', /^RUN \|3 A=default B=global C=given \/bin\/sh -c x/);
});

test('an ENTRYPOINT drops the CMD of the base, and a CMD before it is kept', async () => {
  const images = {
    '*': { os: 'linux', architecture: 'amd64', config: { Cmd: ['base'] }, rootfs: { diff_ids: ['sha256:1'] } },
  };
  const dropped = await convert('FROM a\nENTRYPOINT ["e"]\n', { images });
  assert.deepEqual(dropped.conversion.image.config.cmd, []);
  const kept = await convert('FROM a\nCMD ["c"]\nENTRYPOINT ["e"]\n', { images });
  assert.deepEqual(kept.conversion.image.config.cmd, ['c']);
});

test('triggers that copy from their own image are an error instead of an endless loop', async () => {
  const images = {
    '*': {
      os: 'linux',
      architecture: 'amd64',
      config: { OnBuild: ['COPY --from=x /a /b'] },
      rootfs: { diff_ids: ['sha256:1'] },
    },
  };
  await assert.rejects(convert('FROM x\n', { images }), /ONBUILD triggers of docker\.io\/library\/x:latest/);
});

test('stages that need each other are an error with the lines of both', async () => {
  const error: unknown = await convert(
    'FROM scratch AS a\nCOPY --from=b / /\nFROM scratch AS b\nCOPY --from=a / /\n',
  ).catch((e: unknown) => e);
  assert.ok(error instanceof Error && 'locations' in error);
  assert.match(error.message, /circular dependency detected on stage: a/);
  assert.deepEqual(error.locations, [
    { start: 2, end: 2 },
    { start: 4, end: 4 },
  ]);
});

test('a stage that comes later cannot be copied from', async () => {
  await assert.rejects(
    convert('FROM scratch AS a\nCOPY --from=b / /\nFROM scratch AS b\nFROM a\n'),
    /cannot copy from stage "b", it needs to be defined before current stage "a"/,
  );
});

test('a mistyped target is met with a suggestion', async () => {
  await assert.rejects(
    convert('FROM scratch AS build\n', { opts: { target: 'biuld' } }),
    /target stage "biuld" could not be found \(did you mean build\?\)/,
  );
});

test('an abort ends a conversion that waits for an image', async () => {
  const world = createWorld({ id: 'test', dockerfile: 'FROM busybox\n' });
  const controller = new AbortController();
  const gateway = {
    ...world.gateway,
    resolveSourceMeta: (_: unknown, options: { readonly signal: AbortSignal }) =>
      new Promise<never>((_resolve, reject) => {
        options.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
        controller.abort();
      }),
  };
  const frontend = await prepareFrontend({ ...world, gateway }, { signal });
  await assert.rejects(
    convertPlatform(frontend, undefined, () => undefined, controller),
    /aborted/,
  );
});

test('SOURCE_DATE_EPOCH dates history and directories', async () => {
  const { conversion, ops } = await convert('FROM scratch\nWORKDIR /w\n', { opts: { sourceDateEpoch: '1700000000' } });
  assert.equal(conversion.image.history[0]?.created, '2023-11-14T22:13:20Z');
  assert.match(JSON.stringify(ops), /"timestamp":"1700000000000000000"/);
});

test('a warning is told also when the word cannot be expanded', async () => {
  const world = createWorld({ id: 'test', dockerfile: 'FROM scratch\nLABEL a="${NOPE?must be set}"\n' });
  const frontend = await prepareFrontend(world, { signal });
  const warnings: string[] = [];
  await assert.rejects(
    convertPlatform(frontend, undefined, ({ message }) => warnings.push(message), { signal }),
    /must be set/,
  );
  assert.deepEqual(warnings, ["Usage of undefined variable '$NOPE'"]);
});

test('a digest of a registry need not be one that can be checked, but must look like one', async () => {
  const image = { $digest: 'sha256:bad', $config: { os: 'linux', architecture: 'amd64' } };
  await assert.rejects(convert('FROM busybox\n', { images: { '*': image } }), /invalid digest format/);
});

test('a year that JSON has no way to write fails when the image config is written', async () => {
  const { conversion } = await convert('FROM busybox\nENV A=1\n', { opts: { sourceDateEpoch: '253402300800' } });
  assert.throws(() => encodeImage(conversion.image), /Time\.MarshalJSON: year outside of range \[0,9999\]/);
  const last = await convert('FROM busybox\nENV A=1\n', { opts: { sourceDateEpoch: '253402300799' } });
  assert.match(encodeImage(last.conversion.image), /"created":"9999-12-31T23:59:59Z"/);
});

test('an epoch of a stage names the base that it cannot expand', async () => {
  const given = { opts: { sourceDateEpoch: 'src' } };
  const message = /failed to process source stage base name "\$\{A\?b\}": failed to process "\$\{A\?b\}": A: b/;
  await assert.rejects(convert('FROM ${A?b} AS src\nADD http://a.example/b /\nFROM scratch\n', given), message);
});
