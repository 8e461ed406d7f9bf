// The page of `history report` in a real browser: of real builds, and of one so large that it must not become slow.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { after, before, suite, test } from 'node:test';
import type { Page } from 'playwright-core';
import { reportPage } from '../../../src/index.ts';
import { createCli, createContext, type TestCli } from '../../support/cli.ts';
import { baseImage, type TestEngine, useEngine } from '../../support/engine.ts';
import { madeUpReport } from '../../support/report-models.ts';
import { openBrowser, type TestBrowser, type WatchedPage } from './browser.ts';

const files = {
  Dockerfile: `FROM ${baseImage} AS build
ARG WHO
WORKDIR /src
COPY data.txt .
RUN echo "hello $WHO" > out.txt && echo told-by-the-step
FROM ${baseImage} as tools
RUN seq 1 20 > /numbers
FROM scratch
COPY --from=build /src/out.txt /
COPY --from=tools /numbers /
LABEL a=b
`,
  'Dockerfile.fails': `FROM ${baseImage}
COPY data.txt .
RUN echo "<b>before</b> the fall" && exit 3
RUN true
`,
  'Dockerfile.two': 'FROM scratch\nCOPY data.txt /\n',
  'docker-bake.hcl': `group "default" {
  targets = ["app", "tools"]
}
target "app" {
  args = { WHO = "bake" }
}
target "tools" {
  target = "tools"
  output = ["type=cacheonly"]
}
`,
  'data.txt': 'some data\n',
};

suite('the page of a report', () => {
  let engine: TestEngine;
  let cli: TestCli;
  let browser: TestBrowser;
  let context: Awaited<ReturnType<typeof createContext>>;
  before(async () => {
    engine = await useEngine();
    [cli, browser, context] = await Promise.all([createCli(engine), openBrowser(), createContext(files)]);
  });
  after(async () => {
    for (const one of [browser, context, cli, engine]) await one?.[Symbol.asyncDispose]();
  });

  const build = async (...args: readonly string[]): Promise<void> => {
    await cli.standalone(['build', '--progress', 'quiet', ...args, context.dir]);
  };
  const report = async (...args: readonly string[]): Promise<string> => {
    const file = join(context.dir, 'out', 'report.html');
    await mkdir(join(context.dir, 'out'), { recursive: true });
    const ran = await cli.standalone(['history', 'report', '-o', file, ...args]);
    assert.equal(ran.code, 0, ran.stderr);
    assert.match(ran.stderr, /^Report of build \w+ written to .*report\.html$/m);
    return pathToFileURL(file).href;
  };
  const open = async (url: string, settings?: Parameters<TestBrowser['open']>[1]): Promise<WatchedPage> =>
    await browser.open(url, settings);
  const isQuiet = ({ complaints, requests }: WatchedPage): void => {
    assert.deepEqual(complaints, []);
    assert.deepEqual(requests, []);
  };

  test('a build of several stages, part of it cached', async () => {
    await build('--build-arg', 'WHO=one', '-t', 'report-test:one');
    await build('--build-arg', 'WHO=two', '-t', 'report-test:two', '--label', 'url=https://me:pass@example.com/');
    const shown = await open(await report());
    const { page } = shown;
    assert.match(await page.locator('.status').innerText(), /^Completed in /);
    const texts = await page.locator('.row .text').allInnerTexts();
    assert.ok(texts.includes('COPY --from=build /src/out.txt /'));
    assert.ok((await page.locator('.row.cached').count()) >= 2);
    assert.ok((await page.locator('.row.on-path').count()) >= 2);
    // the graph: what a step needs stands above it
    const places = await page
      .locator('.graph a')
      .evaluateAll((nodes) =>
        nodes.map((node) => [node.querySelector('title')?.textContent ?? '', node.getBoundingClientRect().y] as const),
      );
    const heightOf = (part: string): number => places.find(([title]) => title.includes(part))?.[1] ?? Number.NaN;
    assert.ok(heightOf('WORKDIR /src') < heightOf('COPY data.txt'));
    assert.ok(heightOf('COPY data.txt') < heightOf('COPY --from=build'));
    const whole = await page.locator('main').innerText();
    for (const part of [
      'WHO',
      'two',
      'report-test:two',
      'pkg:docker/',
      'FromAsCasing',
      'sha256:',
      'https://***@example.com/',
    ])
      assert.ok(whole.includes(part), part);
    assert.ok(!(await page.content()).includes('me:pass'));
    assert.deepEqual(await page.locator('button[data-zoom="out"]').allTextContents(), ['−', '−']);
    isQuiet(shown);
  });

  test('a build that failed says why, with the line and the output', async () => {
    await build('-f', join(context.dir, 'Dockerfile.fails'));
    const shown = await open(await report());
    const { page } = shown;
    assert.match(await page.locator('.status').innerText(), /^Failed after /);
    const failure = page.locator('#failure');
    assert.match(await failure.locator('.message').innerText(), /exit code: 3/);
    assert.match(await failure.locator('mark').innerText(), /RUN echo .* exit 3/);
    assert.match(await failure.locator('.log').innerText(), /<b>before<\/b> the fall/);
    assert.equal(await page.locator('.row.failed').count(), 1);
    assert.equal(await page.locator('.row.waiting').count(), 1);
    await failure.locator('a').first().click();
    await page.locator('.row.failed .body').waitFor();
    isQuiet(shown);
  });

  test('a build for two platforms has the layers of both', async () => {
    await build(
      '-f',
      join(context.dir, 'Dockerfile.two'),
      '--platform',
      'linux/amd64,linux/arm64',
      '-t',
      'report-test:both',
    );
    const shown = await open(await report());
    assert.deepEqual(await shown.page.locator('#results h3').allInnerTexts(), ['Index', 'linux/amd64', 'linux/arm64']);
    assert.equal(await shown.page.locator('#results dd', { hasText: 'layer' }).count(), 2);
    isQuiet(shown);
  });

  test('a target of bake has a page of its own', async () => {
    const baked = await cli.standalone(['bake', '--progress', 'quiet'], { cwd: context.dir });
    assert.equal(baked.code, 0, baked.stderr);
    const listed = await cli.standalone(['history', 'ls', '--format', '{{.Ref}} {{.Name}}']);
    const [, ref = ''] = /(\w+) \S+ \(tools\)/.exec(listed.stdout) ?? [];
    const shown = await open(await report(ref));
    assert.match(await shown.page.locator('h1').innerText(), / \(tools\)$/);
    assert.ok((await shown.page.locator('.row .text').allInnerTexts()).includes('RUN seq 1 20 > /numbers'));
    isQuiet(shown);
  });

  test('to stdout, and by default a file named after the build', async () => {
    const printed = await cli.standalone(['history', 'report', '-o', '-']);
    assert.match(printed.stdout, /^<!doctype html>[\s\S]*<\/html>\n$/);
    const ran = await cli.standalone(['history', 'report'], { cwd: context.dir });
    const [, file = ''] = /written to (build-report-\w+\.html)\n/.exec(ran.stderr) ?? [];
    assert.match(await readFile(join(context.dir, file), 'utf8'), /^<!doctype html>/);
  });

  test('no build, no page', async () => {
    const ran = await cli.standalone(['history', 'report', 'nothing-of-this-name']);
    assert.equal(ran.code, 1);
    assert.match(ran.stderr, /ERROR: no record found for ref "nothing-of-this-name"/);
  });

  suite('with many steps', () => {
    let url: string;
    before(async () => {
      const file = join(context.dir, 'many.html');
      const page = await reportPage(madeUpReport(500), 'made up');
      assert.ok(Buffer.byteLength(page) <= 1_000_000, `${Buffer.byteLength(page)} bytes`);
      await writeFile(file, page);
      url = pathToFileURL(file).href;
    });

    const focused = async (page: Page): Promise<string> =>
      await page.evaluate(() => document.activeElement?.closest('.row')?.id ?? document.activeElement?.tagName ?? '');

    test('keys walk through the rows, one stop of Tab for all', async () => {
      const shown = await open(url);
      const { page } = shown;
      await page.locator('#s1 summary').focus();
      for (const [key, row] of [
        ['ArrowDown', 's2'],
        ['ArrowDown', 's3'],
        ['ArrowUp', 's2'],
        ['End', 's500'],
        ['ArrowDown', 's500'],
        ['Home', 's1'],
        ['ArrowUp', 's1'],
      ] as const) {
        await page.keyboard.press(key);
        assert.equal(await focused(page), row, key);
      }
      await page.keyboard.press('ArrowRight');
      assert.equal(await page.locator('#s1 details').getAttribute('open'), '');
      await page.keyboard.press('ArrowLeft');
      assert.equal(await page.locator('#s1 details').getAttribute('open'), null);
      await page.keyboard.press('Enter');
      assert.equal(await page.locator('#s1 details').getAttribute('open'), '');
      await page.keyboard.press('ArrowLeft');
      await page.keyboard.press('Tab');
      assert.ok(!/^s\d+$/.test(await focused(page)));
      isQuiet(shown);
    });

    test('search, filters and the way back', async () => {
      const { page } = await open(url);
      const visible = page.locator('.row:visible');
      await page.keyboard.press('/');
      await page.keyboard.type('000000000000004d');
      const found = await visible.count();
      assert.equal(found, 1);
      assert.equal(await page.locator('.found').innerText(), `${found} of 500`);
      await page.keyboard.press('Enter');
      assert.equal(await focused(page), 's78');
      await page.keyboard.press('/');
      await page.keyboard.type('nothing that is there');
      assert.equal(await visible.count(), 0);
      assert.ok(await page.locator('.none').isVisible());
      await page.keyboard.press('Escape');
      assert.equal(await visible.count(), 500);
      await page.getByRole('button', { name: 'Cached' }).click();
      assert.equal(await visible.count(), await page.locator('.row.cached').count());
      // a link to a row that is hidden shows it
      await page.evaluate(() => {
        location.hash = '#s1';
      });
      await page.waitForFunction(() => document.activeElement?.closest('.row')?.id === 's1');
      assert.equal(await visible.count(), 500);
    });

    test('zoom by keys and by dragging over the axis', async () => {
      const { page } = await open(url);
      const span = async (): Promise<number> =>
        await page.locator('#s1 .bars').evaluate((bars) => (bars as SVGSVGElement).viewBox.baseVal.width);
      const whole = await span();
      await page.keyboard.press('+');
      assert.ok(Math.abs((await span()) - whole / 2) < 1);
      await page.keyboard.press('-');
      await page.keyboard.press('+');
      await page.keyboard.press('0');
      assert.equal(await span(), whole);
      const box = await page.locator('.axis').boundingBox();
      assert.ok(box);
      await page.mouse.move(box.x + box.width * 0.25, box.y + 5);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 5, { steps: 3 });
      await page.mouse.up();
      assert.ok(Math.abs((await span()) - whole / 4) < whole / 100);
      assert.ok((await page.locator('.axis text').count()) >= 2);
      await page.locator('.axis').dblclick();
      assert.equal(await span(), whole);
    });

    test('light and dark, as the system has it or as its reader wants it; help', async () => {
      const background = async (page: Page): Promise<string> =>
        await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const light = await open(url);
      const dark = await open(url, { scheme: 'dark' });
      const [white, black] = [await background(light.page), await background(dark.page)];
      assert.notEqual(white, black);
      await light.page.keyboard.press('t');
      await light.page.keyboard.press('t');
      assert.equal(await background(light.page), black);
      await light.page.reload();
      assert.equal(await background(light.page), black);
      await dark.page.keyboard.press('?');
      assert.ok(await dark.page.getByRole('dialog', { name: 'Keyboard' }).isVisible());
      await dark.page.keyboard.press('Escape');
      assert.ok(await dark.page.getByRole('dialog').isHidden());
      isQuiet(dark);
    });

    for (const width of [1280, 420]) {
      test(`nothing sticks out of a window of ${width} pixels`, async () => {
        const shown = await open(url, { width });
        assert.equal(await shown.page.evaluate(() => document.documentElement.scrollWidth), width);
        const bars = await shown.page.locator('#s5 .bars').boundingBox();
        assert.ok((bars?.width ?? 0) > width * 0.4);
        isQuiet(shown);
      });
    }

    test('letters stand out from what is behind them', async () => {
      for (const scheme of ['light', 'dark'] as const) {
        const { page } = await open(url, { scheme });
        const poor = await page.evaluate(lowContrasts);
        assert.deepEqual(poor, [], scheme);
      }
    });

    test('without scripts the page is whole', async () => {
      const shown = await open(url, { scripts: false });
      assert.equal(await shown.page.locator('.row').count(), 500);
      await shown.page.locator('#s2 summary').click();
      assert.ok(await shown.page.locator('#s2 .body').isVisible());
    });
  });
});

/** Texts whose contrast is below 4.5, as WCAG wants it of small ones. Runs in the page. */
function lowContrasts(): string[] {
  const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
  const rgba = (color: string): number[] => {
    if (canvas === null) return [];
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const luminance = (channels: readonly number[]): number => {
    const [r = 0, g = 0, b = 0] = channels.map((value) =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): number[] => {
    for (let at = element; at !== null; at = at.parentElement) {
      const color = rgba(getComputedStyle(at).backgroundColor);
      if (color[3] === 255) return color;
    }
    return [255, 255, 255, 255];
  };
  const poor = new Set<string>();
  for (const selector of [
    'h1',
    '.facts span',
    '.contents a',
    '.tile small',
    '.tag',
    '.text',
    '.value',
    '.mark',
    '.note',
    'button',
    'footer',
    '.shares a',
    '.pairs dt',
    '.caption',
  ]) {
    for (const element of [...document.querySelectorAll(selector)].slice(0, 40)) {
      const [text, back] = [luminance(rgba(getComputedStyle(element).color)), luminance(behind(element))];
      const contrast = (Math.max(text, back) + 0.05) / (Math.min(text, back) + 0.05);
      if (contrast < 4.5) poor.add(`${selector} ${contrast.toFixed(1)}`);
    }
  }
  return [...poor];
}
