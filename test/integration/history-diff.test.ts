// What was different between builds on a real engine, and why their steps ran.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { BuildDiff } from '../../src/index.ts';
import { createCli, createContext, type TestCli } from '../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../support/engine.ts';

let engine: TestEngine;
let cli: TestCli;
let context: AsyncDisposable & { readonly dir: string };
before(async () => {
  engine = await useEngine();
  cli = await createCli(engine);
  context = await createContext({ salt: crypto.randomUUID(), notes: crypto.randomUUID() });
});
after(async () => {
  await context?.[Symbol.asyncDispose]();
  await cli?.[Symbol.asyncDispose]();
  await engine?.[Symbol.asyncDispose]();
});

const dockerfile = (last = 'RUN cat /notes'): string => `FROM ${baseImage} AS tool
ARG WHO=me
COPY salt /
RUN echo $WHO > /tool
FROM ${baseImage}
COPY --from=tool /tool /
COPY notes /
${last}
`;

async function build(text: string, ...args: readonly string[]): Promise<void> {
  await writeFile(join(context.dir, 'Dockerfile'), text);
  const ran = await cli.standalone(['build', '--progress=plain', '-t', 'compared', ...args, context.dir]);
  assert.ok(ran.code === 0 || ran.stderr.includes('exit code: 3'), ran.stderr);
}

async function diff(...refs: readonly string[]): Promise<BuildDiff> {
  const ran = await cli.standalone(['history', 'diff', '--format=json', ...refs]);
  assert.equal(ran.code, 0, ran.stderr);
  return JSON.parse(ran.stdout) as BuildDiff;
}

/** What became of the steps of the Dockerfile, and why. */
function steps({ steps: all }: BuildDiff): string[] {
  return all
    .filter(({ internal }) => !internal)
    .map(({ before: then, after: now, reason }) => {
      const why = reason === undefined ? '' : ` ${reason.kind}`;
      return `${(now ?? then)?.name.replace(/^.*?\] /, '')}: ${then?.state ?? 'none'} → ${now?.state ?? 'none'}${why}`;
    });
}

describe('history diff', () => {
  test('tells which files, commands and arguments have changed, and what builds on them', async () => {
    await build(dockerfile());
    await writeFile(join(context.dir, 'notes'), crypto.randomUUID());
    await build(dockerfile(), '--label', 'a=b');
    const files = await diff();
    assert.deepEqual(steps(files), [
      'COPY salt /: ran → cached',
      'RUN echo me > /tool: ran → cached',
      'COPY --from=tool /tool /: ran → cached',
      'COPY notes /: ran → ran files',
      'RUN cat /notes: ran → ran input',
    ]);
    assert.deepEqual(files.labels, [{ name: 'a', after: 'b' }]);
    assert.equal(files.dockerfile, undefined);
    assert.ok(files.before.duration > files.after.duration);
    assert.equal(files.results.length, 1);

    await build(dockerfile('RUN wc /notes'), '--label', 'a=b', '--build-arg', 'WHO=you');
    const commands = await diff('^1', '');
    assert.deepEqual(steps(commands), [
      'COPY salt /: cached → cached',
      'RUN echo you > /tool: cached → ran definition',
      'COPY --from=tool /tool /: cached → ran input',
      'COPY notes /: ran → ran input',
      'RUN wc /notes: ran → ran definition',
    ]);
    assert.deepEqual(commands.buildArgs, [{ name: 'WHO', after: 'you' }]);
    const changed = commands.dockerfile?.hunks.flatMap(({ lines }) => lines.filter(({ kind }) => kind !== 'same'));
    assert.deepEqual(changed, [
      { kind: 'removed', text: 'RUN cat /notes' },
      { kind: 'added', text: 'RUN wc /notes' },
    ]);
  });

  test('tells of builds without cache, of builds that failed, and of base images', async () => {
    await build(dockerfile());
    await build(dockerfile(), '--no-cache');
    const uncached = await diff('^1');
    assert.deepEqual(uncached.attributes, [{ name: 'no-cache', after: '' }]);
    assert.ok(
      steps(uncached).every((step) => /→ ran (?:uncached|input)$/.test(step)),
      steps(uncached).join('\n'),
    );

    await build(dockerfile('RUN exit 3'));
    const failed = await diff();
    assert.equal(failed.after.status, 'failed');
    assert.deepEqual(steps(failed).at(-1), 'RUN exit 3: ran → failed definition');
    assert.deepEqual(failed.materials, []);
    assert.equal(failed.dockerfile?.hunks.length, 1);

    const other = `compared-base:${crypto.randomUUID()}`;
    const made = await cli.standalone(['build', '-q', '-t', other, '-'], {
      stdin: `FROM ${baseImage}\nRUN echo > /other\n`,
    });
    assert.equal(made.code, 0, made.stderr);
    await build(dockerfile().replaceAll(`FROM ${baseImage}`, `FROM ${other}`));
    const based = await diff('^3', '^0');
    assert.equal(based.materials.length, 2);
    assert.match(steps(based)[0] ?? '', /COPY salt \/: (?:ran|cached) → ran input/);
  });

  test('is shown to people, in colours only on terminals', async () => {
    const ran = await cli.standalone(['history', 'diff']);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stdout, /^- default\/default\/\w{25} {2}\S+\n {2}\S+Z {2}(?:completed|failed)/);
    assert.match(ran.stdout, /\n\+ default\/default\/\w{25} /);
    assert.match(ran.stdout, /\nTime\n {2}the build +\d+\.\ds → \d+\.\ds {2}\([+-]\d+\.\ds\)\n/);
    assert.ok(!ran.stdout.includes('\u001B'));
  });

  test('refuses what it cannot compare', async () => {
    for (const [args, reason] of [
      [['', '^0'], /ERROR: there is nothing to compare: both are build default\/default\//],
      [['nope'], /ERROR: no record found for ref "nope"/],
      [['^9999'], /ERROR: no completed build found with offset /],
      [['^x'], /ERROR: invalid offset "\^x"/],
      [['--format', 'table'], /ERROR: unsupported format "table": use "pretty" or "json"/],
      [['a', 'b', 'c'], /requires at most 2 arguments/],
    ] as const) {
      const ran = await cli.standalone(['history', 'diff', ...args]);
      assert.equal(ran.code, 1, ran.stdout);
      assert.match(ran.stderr, reason);
    }
  });
});
