// Matches waitContextDeps of buildx build/build.go: results of targets as contexts of others.
import { TsbuildxError } from '../../base/errors.ts';
import type { BridgeRef, BridgeResult } from '../../buildkit/gateway/index.ts';
import { decodeDefinition, type Definition } from '../../llb/index.ts';

/** Contexts of a build that are the results of others, as a frontend gets them. */
export interface LinkedInputs {
  readonly attributes: Readonly<Record<string, string>>;
  readonly definitions: ReadonlyMap<string, Definition>;
}

const imageConfig = 'containerimage.config';

/**
 * The result of a target as a context of another, for each of its platforms. Throws UNSUPPORTED.
 * @param node the number of the node that has it, in its builder.
 */
export function linkedInputs(context: string, linked: string, result: BridgeResult, node: string): LinkedInputs {
  const attributes: [string, string][] = [];
  const definitions = new Map<string, Definition>();
  const add = (ref: BridgeRef | undefined, suffix: string, config: Uint8Array | undefined): void => {
    // never `context` or `dockerfile`, which mean something to frontends
    const input = `${node}-${linked}${suffix}`;
    definitions.set(input, definitionOf(ref, linked));
    attributes.push([`context:${context}${suffix}`, `input:${input}`]);
    if (config !== undefined) attributes.push([`input-metadata:${input}`, metadataJson(config)]);
  };
  if (result.refs === undefined) add(result.ref, '', result.metadata.get(imageConfig));
  for (const [platform, ref] of result.refs ?? []) {
    add(ref, `::${platform}`, result.metadata.get(`${imageConfig}/${platform}`));
  }
  return { attributes: Object.fromEntries(attributes), definitions };
}

/** All contexts of a target that are others. */
export function joinInputs(inputs: readonly LinkedInputs[]): LinkedInputs {
  return {
    attributes: Object.assign({}, ...inputs.map(({ attributes }) => attributes)),
    definitions: new Map(inputs.flatMap(({ definitions }) => [...definitions])),
  };
}

/** What a frontend must be able to do to get them, beside what else is asked of it. */
export function withLinkedCaps(caps: string | undefined): string {
  const own = caps?.split(',') ?? [];
  return [...new Set([...own, 'moby.buildkit.frontend.contexts+forward'])].sort().join(',');
}

/** Nothing at all is an empty definition. */
function definitionOf(ref: BridgeRef | undefined, target: string): Definition {
  if (ref === undefined) return decodeDefinition(new Uint8Array());
  if (ref.definition !== undefined) return decodeDefinition(ref.definition);
  throw new TsbuildxError('UNSUPPORTED', `the daemon does not tell what target ${target} is made of: update BuildKit`);
}

/** As Go writes a map of bytes. */
function metadataJson(config: Uint8Array): string {
  return JSON.stringify({ [imageConfig]: Buffer.from(config).toString('base64') });
}
