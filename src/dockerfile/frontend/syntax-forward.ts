// Other frontends: asked for by BUILDKIT_SYNTAX or a `# syntax=` line.
import { decodeBytes } from '../../base/go-bytes.ts';
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseNormalizedReference } from '../../oci/index.ts';
import { detectSyntax, type LineSpan } from '../syntax/index.ts';
import { own } from './build-context.ts';
import type { FrontendResult, Gateway } from './gateway.ts';

export interface OtherFrontend {
  /** Image of the frontend. */
  readonly ref: string;
  /** The whole value: the image and what follows. */
  readonly cmdline: string;
  /** The `# syntax=` line; undefined when a build argument asks for it. */
  readonly lines: LineSpan | undefined;
}

/** The frontend that the build asks for; undefined when this is it: official docker/dockerfile of the stable channel. */
export function otherFrontend(
  opts: Readonly<Record<string, string>>,
  dockerfile: Uint8Array,
): OtherFrontend | undefined {
  if (own(opts, 'cmdline') !== undefined) return undefined;
  const cmdline = own(opts, 'build-arg:BUILDKIT_SYNTAX');
  if (cmdline !== undefined) {
    const [ref = ''] = cmdline.trim().split(' ', 1);
    return isOfficial(ref) ? undefined : { ref, cmdline, lines: undefined };
  }
  const directive = detectSyntax(decodeBytes(dockerfile));
  if (directive === undefined || isOfficial(directive.value)) return undefined;
  return { ref: directive.value, cmdline: directive.cmdline, lines: { start: directive.start, end: directive.end } };
}

const officialImages: ReadonlySet<string> = new Set(['docker/dockerfile', 'docker/dockerfile-upstream']);

/** The labs channel understands more than we do, so it is not ours to stand in for. */
function isOfficial(ref: string): boolean {
  try {
    const { domain, path, tag } = parseNormalizedReference(ref);
    return domain === 'docker.io' && officialImages.has(path) && !(tag ?? '').endsWith('labs');
  } catch {
    return false; // the daemon will say what is wrong with it
  }
}

/** Lets the daemon run that frontend with the same attributes. */
export async function forward(
  gateway: Gateway,
  { ref, cmdline, lines }: OtherFrontend,
  options: { readonly signal: AbortSignal },
): Promise<FrontendResult> {
  const { opts, caps } = gateway.buildOpts;
  const frontendInputs = caps.supports('frontend.inputs') ? await gateway.inputs(options) : new Map<string, never>();
  const frontendOpts = { ...opts, cmdline, source: ref };
  try {
    return await gateway.solve({ frontend: 'gateway.v0', frontendOpts, frontendInputs }, options);
  } catch (cause) {
    if (lines !== undefined || gateway.hasLines?.(cause) === true) throw cause;
    const message = `failed with build-arg:BUILDKIT_SYNTAX = ${cmdline}: ${messageOf(cause)}`;
    throw new TsbuildxError('RPC_FAILED', message, { cause });
  }
}
