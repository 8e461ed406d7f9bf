// Which frontend a build asks for, by BUILDKIT_SYNTAX or a `# syntax=` line.
import { decodeBytes } from '../../base/go-bytes.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { type NormalizedReference, parseNormalizedReference } from '../../oci/index.ts';
import { detectSyntax, type LineSpan } from '../syntax/index.ts';
import { own } from './build-context.ts';
import type { FrontendResult, Gateway } from './gateway.ts';

/** A frontend that the build names. */
export interface OtherFrontend {
  /** Image of the frontend. */
  readonly ref: string;
  /** The whole value: the image and what follows. */
  readonly cmdline: string;
  /** The `# syntax=` line; undefined when a build argument asks for it. */
  readonly lines: LineSpan | undefined;
}

/** We stand in for the official images, `docker/dockerfile` and `docker/dockerfile-upstream`. */
export interface OwnFrontend {
  /** What the labs channel understands beyond the stable one: `RUN --device`. */
  readonly isLabs: boolean;
  /** The image that we stand in for; undefined when none is named. */
  readonly named?: Pick<OtherFrontend, 'ref' | 'cmdline'> | undefined;
}

/** The frontend that the build asks for. */
export function chooseFrontend(
  opts: Readonly<Record<string, string>>,
  dockerfile: Uint8Array,
): OtherFrontend | OwnFrontend {
  const named = own(opts, 'cmdline');
  // The daemon runs us as the image of this name, whatever it is.
  if (named !== undefined) return { isLabs: isLabs(parseImage(firstWord(named))) };
  const cmdline = own(opts, 'build-arg:BUILDKIT_SYNTAX');
  if (cmdline !== undefined) return ownOrOther({ ref: firstWord(cmdline), cmdline, lines: undefined });
  const directive = detectSyntax(decodeBytes(dockerfile));
  if (directive === undefined) return { isLabs: false };
  const lines = { start: directive.start, end: directive.end };
  return ownOrOther({ ref: directive.value, cmdline: directive.cmdline, lines });
}

export function isOther(frontend: OtherFrontend | OwnFrontend): frontend is OtherFrontend {
  return 'ref' in frontend;
}

const officialImages: ReadonlySet<string> = new Set(['docker/dockerfile', 'docker/dockerfile-upstream']);

function ownOrOther(asked: OtherFrontend): OtherFrontend | OwnFrontend {
  const image = parseImage(asked.ref);
  const isOfficial = image?.domain === 'docker.io' && officialImages.has(image.path);
  return isOfficial ? { isLabs: isLabs(image), named: asked } : asked;
}

/** `labs`, `1-labs`, `1.14.0-labs`, `master-labs`. */
function isLabs(image: NormalizedReference | undefined): boolean {
  return /(^|-)labs$/.test(image?.tag ?? '');
}

function parseImage(ref: string): NormalizedReference | undefined {
  try {
    return parseNormalizedReference(ref);
  } catch {
    return undefined; // the daemon will say what is wrong with it
  }
}

function firstWord(cmdline: string): string {
  return cmdline.trim().split(' ', 1)[0] ?? '';
}

/** Options that build arguments stand for: a frontend that does not know these arguments is told as well. */
function magicOptions(opts: Readonly<Record<string, string>>): Record<string, string> {
  const multiPlatform = own(opts, 'build-arg:BUILDKIT_MULTI_PLATFORM') ?? '';
  const hostname = own(opts, 'build-arg:BUILDKIT_SANDBOX_HOSTNAME') ?? '';
  return {
    ...(multiPlatform === '' ? {} : { 'multi-platform': multiPlatform }),
    ...(hostname === '' ? {} : { hostname }),
  };
}

/** Lets the daemon run that frontend with the same attributes. */
export async function forward(
  gateway: Gateway,
  { ref, cmdline, lines }: OtherFrontend,
  options: { readonly signal: AbortSignal },
): Promise<FrontendResult> {
  const { opts, caps } = gateway.buildOpts;
  const frontendInputs = caps.supports('frontend.inputs') ? await gateway.inputs(options) : new Map<string, never>();
  const frontendOpts = { ...opts, ...magicOptions(opts), cmdline, source: ref };
  try {
    return await gateway.solve({ frontend: 'gateway.v0', frontendOpts, frontendInputs }, options);
  } catch (cause) {
    if (lines !== undefined || gateway.hasLines?.(cause) === true) throw cause;
    const message = `failed with build-arg:BUILDKIT_SYNTAX = ${cmdline}: ${messageOf(cause)}`;
    throw new TsbuildxError('RPC_FAILED', message, { cause });
  }
}
