import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Gateway, runFrontend } from '../../../../src/dockerfile/frontend/index.ts';
import { currentCaps } from '../../../../src/llb/index.ts';

const { signal } = new AbortController();

interface OutlineJson {
  readonly name?: string;
  readonly args?: readonly { readonly name: string; readonly value?: string; readonly description?: string }[];
  readonly secrets?: readonly { readonly name: string; readonly required?: boolean }[];
}

async function outline(dockerfile: string, opts: Readonly<Record<string, string>> = {}): Promise<OutlineJson> {
  const refuse = async (): Promise<never> => Promise.reject(new Error('nobody is asked'));
  const gateway: Gateway = {
    buildOpts: {
      opts: { ...opts, requestid: 'frontend.outline' },
      sessionId: '',
      workers: [],
      llbCaps: currentCaps,
      caps: currentCaps,
    },
    resolveSourceMeta: refuse,
    solve: refuse,
    readFile: refuse,
    inputs: refuse,
    warn: refuse,
  };
  const read = async (_: string, path: string): Promise<Uint8Array | undefined> =>
    path === 'Dockerfile' ? Buffer.from(dockerfile) : undefined;
  const { metadata } = await runFrontend({ gateway, locals: { has: () => true, read } }, { signal });
  return JSON.parse(Buffer.from(metadata.get('result.json') ?? '').toString()) as OutlineJson;
}

const names = ({ args = [] }: OutlineJson): string[] => args.map(({ name, value }) => `${name}=${value ?? ''}`);

test('arguments of the stages that are needed, and what their values are made of', async () => {
  const told = await outline(
    'ARG DEEP=1\nARG BASE=s$DEEP\nARG UNUSED=2\nFROM scratch AS other\nARG NOT_NEEDED=1\nFROM scratch\nARG BASE\nARG OWN=${BASE}x\n',
  );
  assert.deepEqual(names(told), ['DEEP=1', 'BASE=s1', 'OWN=s1x']);
});

test('the declaration nearest to the target is the one that is told', async () => {
  const dockerfile = 'FROM scratch AS base\nARG A=base\nFROM base AS top\nARG A=top\nFROM base AS plain\n';
  assert.deepEqual(names(await outline(dockerfile, { target: 'top' })), ['A=top']);
  assert.deepEqual(names(await outline(dockerfile, { target: 'plain' })), ['A=base']);
  assert.deepEqual(names(await outline(dockerfile, { target: 'top', 'build-arg:A': 'given' })), ['A=given']);
});

test('secrets of stages that are copied from; the first mount of an id counts', async () => {
  const dockerfile = `FROM scratch AS made
RUN --mount=type=secret,id=x,required=true --mount=type=secret,id=x ["/a"]
FROM scratch
COPY --from=made / /
`;
  assert.deepEqual(
    (await outline(dockerfile)).secrets?.map(({ name, required }) => [name, required]),
    [['x', true]],
  );
});
