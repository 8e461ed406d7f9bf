import { hash } from 'node:crypto';
import { messageOf } from '../../src/base/errors.ts';
import { type Conversion, encodeImage } from '../../src/dockerfile/convert/index.ts';
import {
  convertPlatform,
  marshalConversion,
  type PreparedFrontend,
  prepareFrontend,
} from '../../src/dockerfile/frontend/index.ts';
import type { LintWarning } from '../../src/dockerfile/lint/index.ts';
import { lineRanges, locationsOf } from '../../src/dockerfile/syntax/index.ts';
import { dumpDefinition, encodeDefinition, type SourceRange } from '../../src/llb/index.ts';
import { formatPlatformFully, type Platform } from '../../src/oci/index.ts';
import { sourceExcerpt } from '../../src/base/source-excerpt.ts';
import { isRecord } from './compare.ts';
import type { GoldenMode, GoldenRequest } from './mode.ts';
import { anySuggestion } from './suggestions.ts';
import { createWorld, type Resolved } from './world.ts';

const { signal } = new AbortController();

export const mode: GoldenMode = {
  run: async (request) => ({ id: request.id, ...(await convertRequest(request)) }),
  normalise: (response) => (isRecord(response) ? normalise(response) : response),
};

async function convertRequest(request: GoldenRequest): Promise<object> {
  const world = createWorld(request);
  let frontend: PreparedFrontend;
  try {
    frontend = withDevices(await prepareFrontend(world, { signal }), request);
  } catch (error) {
    return { ok: false, error: messageOf(error), errorStage: 'setup' };
  }
  const { targetPlatforms } = frontend.options;
  if (targetPlatforms.length <= 1) {
    const result = await convertOne(frontend, targetPlatforms[0]);
    return { ...result, ...resolvedList(world.resolved) };
  }
  const multi: object[] = [];
  for (const [i, platform] of targetPlatforms.entries()) {
    // A build checks for its first platform only.
    const result = await convertOne(frontend, platform, { isChecked: i === 0 });
    multi.push({ platform: formatPlatformFully(platform), ...result });
  }
  return { ...multi[0], multi, ...resolvedList(world.resolved) };
}

/** Devices have no attribute: the frontend's caller sets them. */
function withDevices(frontend: PreparedFrontend, { opts }: GoldenRequest): PreparedFrontend {
  const names: unknown = isRecord(opts) ? opts['devices'] : undefined;
  if (!Array.isArray(names)) return frontend;
  const devices = names.map((name) => ({
    name: String(name).replace(/\?$/, ''),
    optional: String(name).endsWith('?'),
  }));
  const { options } = frontend;
  return { ...frontend, options: { ...options, convert: { ...options.convert, devices } } };
}

function resolvedList(resolved: readonly Resolved[]): object {
  return resolved.length === 0 ? {} : { resolved };
}

interface OneResult {
  readonly ok?: boolean;
  readonly error?: string;
  readonly errorStage?: string;
  readonly warnings?: readonly object[];
}

async function convertOne(
  frontend: PreparedFrontend,
  platform: Platform | undefined,
  { isChecked }: { readonly isChecked: boolean } = { isChecked: true },
): Promise<OneResult> {
  const warnings: LintWarning[] = [];
  const sink = isChecked ? (warning: LintWarning) => void warnings.push(warning) : undefined;
  const found = (): OneResult => (warnings.length === 0 ? {} : { warnings: warnings.map(warningJson) });
  let conversion: Conversion;
  try {
    conversion = await convertPlatform(frontend, platform, sink, { signal });
  } catch (error) {
    return { ok: false, ...errorJson(error, frontend), errorStage: 'convert', ...found() };
  }
  try {
    return { ok: true, ...found(), ...conversionJson(conversion, frontend) };
  } catch (error) {
    return { ok: false, ...errorJson(error, frontend), errorStage: 'marshal', ...found() };
  }
}

function conversionJson(conversion: Conversion, { gateway }: PreparedFrontend): object {
  const definition = marshalConversion(conversion, gateway);
  const image = encodeImage(conversion.image);
  const { baseImage, epoch, sbomExtras, isIgnoreCache } = conversion;
  const result: Record<string, unknown> = {
    image: JSON.parse(image),
    imageDigest: `sha256:${hash('sha256', image)}`,
  };
  if (definition.ops.length > 0) {
    const defs = dumpDefinition(definition);
    result['defs'] = defs.map(({ locations, ...def }) => ({
      ...def,
      ...(locations.length === 0 ? {} : { locations: locations.map((ranges) => ranges.map(rangeJson)) }),
    }));
    const head = defs.at(-1)?.op;
    const [input] = isRecord(head) && Array.isArray(head['inputs']) ? head['inputs'] : [];
    result['head'] = isRecord(input) ? { digest: input['digest'], index: Number(input['index'] ?? 0) } : undefined;
    result['llbBase64'] = Buffer.from(encodeDefinition(definition)).toString('base64');
  }
  if (baseImage !== undefined) result['baseImage'] = JSON.parse(encodeImage(baseImage));
  if (epoch !== undefined) result['epoch'] = epoch;
  if (isIgnoreCache) result['isIgnoreCache'] = true;
  if (sbomExtras.size > 0) result['sbomExtras'] = [...sbomExtras.keys()].sort();
  return result;
}

interface ErrorResult {
  readonly error: string;
  readonly errorLocations?: readonly number[][][];
  readonly errorSource?: string;
}

function errorJson(error: unknown, { source }: PreparedFrontend): ErrorResult {
  const locations = locationsOf(error);
  const result = { error: messageOf(error) };
  if (locations.length === 0) return result;
  const { filename, data } = source.sourceMap;
  const errorSource = locations.map((lines) => sourceExcerpt({ filename, data, ranges: lineRanges(lines) })).join('');
  const errorLocations = locations.map((lines) => lineRanges(lines).map(rangeJson));
  return { ...result, errorLocations, ...(errorSource === '' ? {} : { errorSource }) };
}

export function warningJson({ rule, description, url, message, lines }: LintWarning): object {
  const ranges = lineRanges(lines).map(rangeJson);
  return {
    rule,
    description,
    url,
    msg: message,
    ...(ranges.length === 0 ? {} : { line: lines.start, ranges }),
  };
}

export function rangeJson({ start, end }: SourceRange): number[] {
  return [start.line, start.character, end.line, end.character];
}

/** The order of these the reference leaves to chance, or to the order in which answers come. */
export function normalise(response: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { warnings, resolved, multi, error, ...rest } = response;
  const result: Record<string, unknown> = rest;
  if (Array.isArray(warnings)) result['warnings'] = sorted(warnings.map(withoutSuggestion));
  if (Array.isArray(resolved)) result['resolved'] = sorted(resolved);
  if (Array.isArray(multi)) result['multi'] = multi.map((one: unknown) => (isRecord(one) ? normalise(one) : one));
  if (error !== undefined) result['error'] = typeof error === 'string' ? sortedRules(anySuggestion(error)) : error;
  return result;
}

function withoutSuggestion(warning: unknown): unknown {
  if (!isRecord(warning) || typeof warning['msg'] !== 'string') return warning;
  return { ...warning, msg: anySuggestion(warning['msg']) };
}

function sorted(list: readonly unknown[]): unknown[] {
  const key = (value: unknown): string =>
    JSON.stringify(value, (_, field: unknown) => (isRecord(field) ? ordered(field) : field));
  return [...list].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function ordered(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

const lintViolation = 'lint violation found for rules: ';

function sortedRules(error: string): string {
  if (!error.startsWith(lintViolation)) return error;
  return lintViolation + error.slice(lintViolation.length).split(', ').sort().join(', ');
}
