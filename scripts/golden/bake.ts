// `docker buildx bake` without a builder: {files, env, args, cwd} → {exit, stdout, stderr}, by our command in this process.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { exitCodeOf } from '../../src/cli/exit-code.ts';
import { reportError } from '../../src/cli/report-error.ts';
import { readInvocation } from '../../src/cli/invocation.ts';
import { runProgram } from '../../src/cli/program.ts';
import { isRecord } from './compare.ts';
import type { GoldenMode, GoldenRequest } from './mode.ts';

export const mode: GoldenMode = { readCase, run, normalise };

const home = join(tmpdir(), `golden-bake-home-${process.pid}`, 'h');

/** A recorded case holds request and response side by side. */
function readCase(golden: GoldenRequest): { readonly req: unknown; readonly res: unknown } {
  const { id, files, env, args, cwd, res, alts } = golden;
  return { req: { id, files, env, args, cwd }, res: isRecord(res) ? { ...res, alternates: alts } : res };
}

async function run(request: GoldenRequest): Promise<unknown> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'golden-bake-')));
  mkdirSync(home, { recursive: true });
  const tokens = (text: string): string => text.replaceAll('<DIR>', root).replaceAll('<HOME>', home);
  const sockets: Server[] = [];
  try {
    for (const [name, text] of Object.entries(texts(request['files']))) {
      const path = join(root, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    const cwd = join(root, typeof request['cwd'] === 'string' ? request['cwd'] : '.');
    mkdirSync(cwd, { recursive: true });
    const env = Object.fromEntries(Object.entries(texts(request['env'])).map(([key, value]) => [key, tokens(value)]));
    for (const value of Object.values(env)) if (value.endsWith('agent.sock')) sockets.push(await listen(value));
    const args = Array.isArray(request['args']) ? request['args'].map(String) : [];
    const { exit, stdout, stderr } = await runCommand(args, { ...env, PATH: '/usr/bin:/bin', HOME: home }, cwd);
    const named = (text: string): string => text.replaceAll(root, '<DIR>').replaceAll(home, '<HOME>');
    return { id: request.id, exit, stdout: named(stdout), stderr: named(stderr) };
  } finally {
    for (const socket of sockets) socket.close();
    rmSync(root, { recursive: true, force: true });
    rmSync(dirname(home), { recursive: true, force: true });
  }
}

function texts(value: unknown): Record<string, string> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([key, text]) => [key, String(text)]));
}

async function listen(path: string): Promise<Server> {
  mkdirSync(dirname(path), { recursive: true });
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve));
  return server;
}

interface Outcome {
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command line, as if it were the process: its directory, its environment, its streams. */
async function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Outcome> {
  const before = { cwd: process.cwd(), env: { ...process.env } };
  const [stdout, stderr] = [capture(process.stdout), capture(process.stderr)];
  const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') ?? {};
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([]) });
  process.chdir(cwd);
  replaceEnv(env);
  let exit = 0;
  try {
    await runProgram(readInvocation(args, 'buildx', process.env), new AbortController().signal);
  } catch (error) {
    await reportError(error);
    exit = exitCodeOf(error);
  } finally {
    replaceEnv(before.env);
    process.chdir(before.cwd);
    Object.defineProperty(process, 'stdin', stdin);
    stdout.restore();
    stderr.restore();
  }
  return { exit, stdout: stdout.text(), stderr: stderr.text() };
}

function replaceEnv(env: Readonly<Record<string, string | undefined>>): void {
  for (const name of Object.keys(process.env)) if (env[name] === undefined) Reflect.deleteProperty(process.env, name);
  Object.assign(process.env, env);
}

function capture(stream: NodeJS.WriteStream): { text(): string; restore(): void } {
  const chunks: string[] = [];
  const { isTTY } = stream;
  const write = stream.write.bind(stream);
  stream.isTTY = false;
  stream.write = (chunk: Uint8Array | string, ...rest: readonly unknown[]): boolean => {
    chunks.push(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString());
    const done = rest.find((argument) => typeof argument === 'function');
    if (done !== undefined) process.nextTick(done);
    return true;
  };
  const restore = (): void => {
    stream.write = write;
    stream.isTTY = isTTY;
  };
  return { text: () => chunks.join(''), restore };
}

/** Lines, so that a difference is one of a line; of stderr what a failure says, not how the way there was shown. */
function normalise(response: unknown): unknown {
  if (!isRecord(response) || typeof response['stdout'] !== 'string') return response;
  const { exit, stdout, stderr } = response;
  const lines = (text: string): string[] => withoutClock(text).split('\n');
  return { exit, stdout: lines(stdout), stderr: lines(failureText(String(stderr))) };
}

/** When the cases were recorded; some tell the time. */
const recorded = '2026-11-23';

/** Texts that are made of the date of the recording or of today, with or without a time. */
function withoutClock(text: string): string {
  const today = new Date().toISOString().slice(0, recorded.length);
  const dates = [recorded, today].map((date) => date.replaceAll('-', '[-.]?')).join('|');
  return text.replaceAll(new RegExp(`(?:${dates})(?:[T_-]?\\d{2}:?\\d{2}(?::?\\d{2})?Z?)?`, 'g'), '<NOW>');
}

function failureText(stderr: string): string {
  const at = stderr.search(/^(?:[^\n]*:\d+\n-{20}\n|ERROR: )/m);
  return at < 0 ? '' : stderr.slice(at);
}
