// What must hold for any Dockerfile: a result or an error of ours with places in the file, the same each time.
import { messageOf, TsbuildxError } from '../../src/base/errors.ts';
import { encodeImage } from '../../src/dockerfile/convert/index.ts';
import {
  convertPlatform,
  lintDockerfile,
  marshalConversion,
  prepareFrontend,
} from '../../src/dockerfile/frontend/index.ts';
import { type LineSpan, locationsOf } from '../../src/dockerfile/syntax/index.ts';
import { encodeDefinition } from '../../src/llb/index.ts';
import { createWorld } from '../golden/world.ts';
import type { FuzzRequest } from './request.ts';

const { signal } = new AbortController();

/** What is wrong with the answers to a request; empty when nothing is. */
export async function faultsOf(request: FuzzRequest): Promise<string[]> {
  const lineCount = request.dockerfile.split('\n').length;
  const faults: string[] = [];
  const checkPlace = ({ start, end }: LineSpan, what: string): void => {
    const isInside = start >= 0 && start <= lineCount && end <= lineCount;
    if (!isInside) faults.push(`${what}: lines ${start} to ${end} of ${lineCount}`);
  };
  const results: string[] = [];
  for (const run of [convert, convert, check]) {
    try {
      results.push(await run(request, ({ lines, rule }) => checkPlace(lines, rule)));
    } catch (error) {
      if (!(error instanceof TsbuildxError)) faults.push(error instanceof Error ? String(error.stack) : String(error));
      for (const lines of locationsOf(error)) checkPlace(lines, messageOf(error));
      results.push(`error: ${messageOf(error)}`);
    }
  }
  if (results[0] !== results[1]) faults.push(`two conversions differ:\n${results.slice(0, 2).join('\n')}`);
  return faults;
}

type Sink = (warning: { readonly lines: LineSpan; readonly rule: string }) => void;

/** The definition and the image config, as text. */
export async function convert(request: FuzzRequest, sink: Sink = () => undefined): Promise<string> {
  const frontend = await prepareFrontend(createWorld({ ...request }), { signal });
  const [platform] = frontend.options.targetPlatforms;
  const conversion = await convertPlatform(frontend, platform, sink, { signal });
  const definition = encodeDefinition(marshalConversion(conversion, frontend.gateway));
  return `${Buffer.from(definition).toString('base64')} ${encodeImage(conversion.image)}`;
}

async function check(request: FuzzRequest, sink: Sink): Promise<string> {
  const frontend = await prepareFrontend(createWorld({ ...request }), { signal });
  const { warnings, error } = await lintDockerfile(frontend, { signal });
  for (const warning of warnings) sink(warning);
  return error?.message ?? '';
}
