// `history trace` on a terminal: the page, the comparison of two builds, and the browser that is started for it.
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { binaryPath, createCli, createContext, type TestCli } from '../../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../../support/engine.ts';
import { openTerminal, type Terminal } from '../../support/terminal.ts';
import { openBrowser, type TestBrowser } from './browser.ts';

const files = {
  Dockerfile: `FROM ${baseImage}\nARG WHO\nRUN echo "hello $WHO" > /out\nRUN cat /out\n`,
  'bin/xdg-open': '#!/bin/sh\necho "$1" > "$OPENED"\n',
};

interface JaegerFile {
  readonly data: readonly { readonly traceID: string; readonly spans: readonly { readonly operationName: string }[] }[];
}

suite('history trace', () => {
  let engine: TestEngine;
  let cli: TestCli;
  let browser: TestBrowser;
  let context: Awaited<ReturnType<typeof createContext>>;
  before(async () => {
    engine = await useEngine();
    [cli, browser, context] = await Promise.all([createCli(engine), openBrowser(), createContext(files)]);
    await chmod(join(context.dir, 'bin/xdg-open'), 0o755);
    // builds of Go's client: its own spans are in the trace too
    for (const who of ['one', 'two']) {
      const args = ['build', '--no-cache', '--build-arg', `WHO=${who}`, context.dir];
      const built = await engine.buildx(args, { env: { DOCKER_CONFIG: cli.configDir } });
      assert.equal(built.code, 0, built.stderr);
    }
  });
  after(async () => {
    for (const one of [browser, context, cli, engine]) await one?.[Symbol.asyncDispose]();
  });

  const show = async (
    ...args: readonly string[]
  ): Promise<Terminal & { readonly url: string; readonly opened: string }> => {
    const opened = join(context.dir, `opened-${Math.random()}`);
    const env = { ...cli.env, PATH: `${join(context.dir, 'bin')}:${process.env['PATH']}`, OPENED: opened };
    const terminal = await openTerminal([binaryPath(), 'history', 'trace', ...args], { columns: 200, rows: 20, env });
    await terminal.shows(/^Trace available at http/);
    const line = (await terminal.screen()).find((text) => text.startsWith('Trace available at ')) ?? '';
    return { ...terminal, url: line.replace('Trace available at ', ''), opened };
  };
  const end = async (terminal: Terminal): Promise<void> => {
    await terminal.press('C-c');
    assert.equal(await terminal.ended(), 0);
  };

  test('without a terminal the trace is printed for Jaeger', async () => {
    const ran = await cli.standalone(['history', 'trace']);
    assert.equal(ran.code, 0, ran.stderr);
    const { data } = JSON.parse(ran.stdout) as JaegerFile;
    assert.equal(data.length, 1);
    const names = data[0]?.spans.map(({ operationName }) => operationName) ?? [];
    assert.ok(names.some((name) => name.includes('RUN echo "hello two"')));
    assert.ok(ran.stdout.endsWith('}\n\n'));
  });

  test('the page is served until Ctrl-C, and the system’s browser is sent there', async () => {
    await using terminal = await show();
    assert.match(terminal.url, /^http:\/\/127\.0\.0\.1:\d+\/trace\/[0-9a-f]{32}$/);
    const { page, complaints, requests } = await browser.open(terminal.url);
    const row = page.locator('.row', { hasText: 'RUN echo "hello two"' }).first();
    await row.locator('summary').click();
    assert.match(await row.locator('.body').innerText(), /vertex\n+sha256:[0-9a-f]{64}/);
    // a branch closes and opens
    const all = await page.locator('.row:visible').count();
    await page.locator('#s1 .twist').click();
    assert.ok((await page.locator('.row:visible').count()) < all);
    await page.locator('#s1 summary').focus();
    await page.keyboard.press('ArrowRight');
    assert.equal(await page.locator('.row:visible').count(), all);
    // what matches is shown with what it is part of
    await page.keyboard.press('/');
    await page.keyboard.type('hello two');
    assert.ok((await page.locator('.row:visible').count()) >= 2);
    assert.deepEqual([complaints, requests], [[], []]);
    assert.equal((await readFile(terminal.opened, 'utf8')).trim(), terminal.url);
    const json = (await (await fetch(terminal.url.replace('/trace/', '/api/traces/'))).json()) as JaegerFile;
    assert.equal(json.data[0]?.traceID, terminal.url.slice(-32));
    await end(terminal);
    await assert.rejects(fetch(terminal.url));
  });

  test('two builds are compared, the same work in one row', async () => {
    await using terminal = await show('--addr', 'localhost:0', '--compare', '^1');
    assert.match(terminal.url, /\/trace\/[0-9a-f]{32}\.\.\.[0-9a-f]{32}$/);
    for (const width of [1280, 420]) {
      const { page, complaints, requests } = await browser.open(terminal.url, { width, scheme: 'dark' });
      const row = page.locator('.row', { hasText: /\[2\/3\] RUN echo/ }).last();
      const values = await row.locator('summary .value').allInnerTexts();
      assert.equal(values.length, 3);
      assert.match(values[2] ?? '', /^[+−]?\d/);
      assert.match(await page.locator('.status').innerText(), /^(?:Slower|Faster) by /);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
      assert.deepEqual([complaints, requests], [[], []]);
    }
    await end(terminal);
  });

  for (const [what, args, message] of [
    ['a build that is not there', ['nothing'], 'no record found for ref "nothing"'],
    [
      'one to compare with that is not there',
      ['--compare', 'nothing'],
      'failed to load trace for nothing: no record found',
    ],
    ['an offset that is too large', ['^900'], 'no completed build found with offset'],
    ['an address that is none', ['--compare', '^1', '--addr', 'nowhere'], 'invalid address "nowhere"'],
  ] as const) {
    test(`${what} is an error`, async () => {
      const ran = await cli.standalone(['history', 'trace', ...args]);
      assert.equal(ran.code, 1);
      assert.ok(ran.stderr.includes(`ERROR: ${message}`), ran.stderr);
    });
  }

  test('a build that is running has no trace yet, but a report; so has one that was canceled', async () => {
    const dir = join(context.dir, 'slow');
    await mkdir(dir);
    await writeFile(join(dir, 'Dockerfile'), `FROM ${baseImage}\nRUN echo ${Date.now()} && sleep 60\n`);
    const stop = new AbortController();
    const building = cli.standalone(['build', dir], { signal: stop.signal }).catch(() => undefined);
    try {
      let running = '';
      while (running === '') {
        const listed = await cli.standalone(['history', 'ls', '--format', '{{.Ref}} {{.Status}}']);
        [, running = ''] = /(\w+) Running/.exec(listed.stdout) ?? [];
      }
      const traced = await cli.standalone(['history', 'trace', running]);
      assert.equal(traced.code, 1);
      assert.match(traced.stderr, /ERROR: no record found for ref/);
      const reported = await cli.standalone(['history', 'report', '-o', '-', running]);
      assert.match(reported.stdout, /class="status running">Running for /);
      assert.match(reported.stdout, /<li class="row running/);
    } finally {
      stop.abort();
      await building;
    }
    const canceled = await cli.standalone(['history', 'report', '-o', '-']);
    assert.match(canceled.stdout, /class="status canceled">Canceled after /);
  });
});
