import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { messageOf } from '../../src/base/errors.ts';
import { acceptedDifference } from './accepted.ts';
import { differences, isRecord } from './compare.ts';
import type { GoldenMode, GoldenRequest } from './mode.ts';

export interface Failure {
  readonly id: string;
  readonly differences: readonly string[];
}

export interface Comparison {
  readonly passed: number;
  readonly failures: readonly Failure[];
}

const modes = ['bake', 'convert', 'ignore', 'lint', 'parse', 'shlex'];

/** Loads one mode of the runner, and nothing of the others. */
export async function loadMode(name: string): Promise<GoldenMode> {
  if (!modes.includes(name)) throw new Error(`unknown mode "${name}": one of ${modes.join(', ')}`);
  const module: unknown = await import(`./${name}.ts`);
  if (isModeModule(module)) return module.mode;
  throw new Error(`scripts/golden/${name}.ts has no export "mode"`);
}

function isModeModule(module: unknown): module is { readonly mode: GoldenMode } {
  return typeof module === 'object' && module !== null && 'mode' in module;
}

/** Runs one request, for JSON; whatever it throws is a response. */
export async function respond(mode: GoldenMode, request: GoldenRequest): Promise<string> {
  try {
    return jsonText(await mode.run(request));
  } catch (error) {
    return jsonText({ id: request.id, ok: false, error: messageOf(error) });
  }
}

/** No absent fields, 64-bit integers as numbers, bytes that are not UTF-8 as U+FFFD. */
function jsonText(value: unknown): string {
  try {
    const text = JSON.stringify(value);
    if (!text.includes('\\ud') || !escapedSurrogate.test(text)) return text;
  } catch {
    // Big integers are for the slower way.
  }
  return JSON.stringify(value, (_, field: unknown) => {
    if (typeof field === 'bigint') return Number(field);
    return typeof field === 'string' ? field.toWellFormed() : field;
  });
}

const escapedSurrogate = /\\ud[89a-f]/;

/** The response to one line of input; a line that is no request gets one too. */
export async function answerLine(mode: GoldenMode, line: string): Promise<string> {
  try {
    return await respond(mode, parseRequest(line));
  } catch (error) {
    return jsonText({ ok: false, error: messageOf(error) });
  }
}

/** The lines of JSONL, without empty ones. Only a newline ends one: readline takes U+2028 in a string for an end. */
export async function* readLines(input: NodeJS.ReadableStream): AsyncGenerator<string> {
  let open: string[] = [];
  input.setEncoding('utf8');
  for await (const chunk of input) {
    const [first = '', ...others] = String(chunk).split('\n');
    open.push(first);
    for (const next of others) {
      const line = open.join('');
      open = [next];
      if (line.trim() !== '') yield line;
    }
  }
  const last = open.join('');
  if (last.trim() !== '') yield last;
}

function parseRequest(line: string): GoldenRequest {
  const request: unknown = JSON.parse(line);
  if (isRequest(request)) return request;
  throw new Error(`a request is no object with an id: ${line.slice(0, 100)}`);
}

function isRequest(value: unknown): value is GoldenRequest {
  return isRecord(value) && typeof value['id'] === 'string';
}

/** Runs a golden file. */
export async function compareFile(name: string, file: string): Promise<Comparison> {
  const mode = await loadMode(name);
  const failures: Failure[] = [];
  let passed = 0;
  for await (const line of readLines(createReadStream(file).pipe(createGunzip()))) {
    const golden = parseRequest(line);
    const found = await compareCase(name, mode, golden);
    if (found.length === 0) passed++;
    else failures.push({ id: golden.id, differences: found });
  }
  return { passed, failures };
}

async function compareCase(name: string, mode: GoldenMode, golden: GoldenRequest): Promise<readonly string[]> {
  const { req, res } = mode.readCase?.(golden) ?? golden;
  if (!isRequest(req) || !isRecord(res)) return ['the golden file has no request or response here'];
  const actual: unknown = JSON.parse(await respond(mode, req));
  if ('panic' in res || 'timeout' in res || 'crash' in res) return mustFail(actual);
  const { alternates, unstable: _, ...first } = res;
  const normalise = (response: unknown): unknown => mode.normalise?.(response) ?? response;
  const candidates = [first, ...(Array.isArray(alternates) ? (alternates as unknown[]) : [])];
  const got = normalise(actual);
  let found: readonly string[] = [];
  for (const candidate of candidates) {
    const differing = differences(normalise(candidate), got).filter(
      (difference) => !acceptedDifference(name, golden.id, difference),
    );
    if (differing.length === 0) return [];
    if (candidate === first) found = differing;
  }
  return found;
}

/** Where the reference itself broke down, any error is right. */
function mustFail(actual: unknown): readonly string[] {
  return isRecord(actual) && actual['ok'] === false ? [] : ['the reference breaks down here: an error was expected'];
}
