// Chromium for tests of pages: without windows and without a network.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, type Page, chromium } from 'playwright-core';
import { chromiumProgram } from '../../../scripts/engine/bundles.ts';

/** How a page is shown. */
export interface PageSettings {
  readonly width?: number;
  readonly height?: number;
  /** What the user's system prefers. Default `light`. */
  readonly scheme?: 'light' | 'dark';
  /** Whether its scripts run. Default true. */
  readonly scripts?: boolean;
}

/** A page, and what it did that a page of ours must not do. */
export interface WatchedPage {
  readonly page: Page;
  /** Errors and warnings of the console, uncaught errors. */
  readonly complaints: readonly string[];
  /** Addresses that it asked for, beside its own. */
  readonly requests: readonly string[];
}

export interface TestBrowser extends AsyncDisposable {
  /** Opens an address (`http://…` or `file://…`) and waits until it is drawn. */
  open(url: string, settings?: PageSettings): Promise<WatchedPage>;
}

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export async function openBrowser(): Promise<TestBrowser> {
  const { program, env } = await chromiumProgram();
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const browser = await chromium.launch({
    executablePath: program,
    chromiumSandbox: false,
    args: flags,
    env: { ...process.env, ...env, HOME: profile },
  });
  return {
    open: async (url, { width = 1280, height = 900, scheme = 'light', scripts = true } = {}) => {
      const context = await browser.newContext({
        viewport: { width, height },
        colorScheme: scheme,
        javaScriptEnabled: scripts,
      });
      return await openPage(context, url);
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      await rm(profile, { recursive: true, force: true });
    },
  };
}

async function openPage(context: BrowserContext, url: string): Promise<WatchedPage> {
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  await page.goto(url, { waitUntil: 'load' });
  return { page, complaints, requests };
}
