import { findCause, TsbuildxError } from '../base/errors.ts';
import type { Bridge, BridgeInfo, Capability, SourceMeta as BridgeSourceMeta } from '../buildkit/gateway/index.ts';
import type { SourceInfo } from '../buildkit/control/index.ts';
import { isRpcError, type RpcError } from '../buildkit/rpc/index.ts';
import type { Gateway, SourceMeta, SourceMetaRequest } from '../dockerfile/frontend/index.ts';
import { CapSet, decodeDefinition, type Definition, encodeDefinition, type SourceMap } from '../llb/index.ts';

/** The frontend's view of the daemon: an LLBBridge client in its words. */
export function gatewayOver(
  bridge: Bridge,
  info: BridgeInfo,
  build: {
    readonly attributes: Readonly<Record<string, string>>;
    readonly sessionId: string;
    /** Definitions that were given with the build; `ask`: only the daemon knows them. */
    readonly inputs: ReadonlyMap<string, Definition> | 'ask';
  },
): Gateway {
  const llbCaps = capSet(info.llbCaps);
  const caps = capSet(info.frontendCaps);
  return {
    buildOpts: {
      opts: build.attributes,
      sessionId: build.sessionId,
      workers: info.workers,
      llbCaps,
      caps,
    },
    async resolveSourceMeta(request, options) {
      if (request.kind === 'oci-layout') requireCap('source.ocilayout', llbCaps);
      // BuildKit below 0.13 knows images only, through an older call.
      if (request.kind !== 'other' && !caps.supports('source.metaresolver')) {
        return resolveImageConfig(bridge, request, options.signal);
      }
      const { kind: _, ...wanted } = request;
      const answer = bridge.resolveSourceMeta(wanted, options);
      setImmediate(loadDigests);
      return sourceMeta(await answer);
    },
    async solve(request, options) {
      if ('definition' in request) {
        requireCaps(request.definition, llbCaps);
        return await bridge.solve({ ...request, definition: encodeDefinition(request.definition) }, options);
      }
      const { frontend, frontendOpts } = request;
      const frontendInputs = encodeInputs(request.frontendInputs);
      return await bridge.solve({ frontend, frontendOpts, frontendInputs }, options);
    },
    hasLines: (error) => findCause(error, isErrorWithLines) !== undefined,
    readFile: (ref, request, options) => bridge.readFile({ ref: ref.id, ...request }, options),
    async inputs(options) {
      if (build.inputs !== 'ask') return build.inputs;
      const encoded = await bridge.inputs(options);
      return new Map([...encoded].map(([name, bytes]) => [name, decodeDefinition(bytes)]));
    },
    async warn(warning, options) {
      const text = (s: string): Uint8Array => Buffer.from(s);
      const { digest, level, url, ranges } = warning;
      await bridge.warn(
        {
          digest,
          level,
          url,
          ranges,
          short: text(warning.short),
          detail: warning.detail.map(text),
          source: sourceInfo(warning.source),
        },
        options,
      );
    },
  };
}

/** What the definition's digests need takes milliseconds to load, and the daemon is at work just now. */
function loadDigests(): void {
  process.getBuiltinModule('node:crypto');
}

/** An error of the daemon, or of a frontend that it runs, about lines of a file. */
export function isErrorWithLines(error: unknown): error is RpcError {
  return isRpcError(error) && error.details.some(({ kind }) => kind === 'source');
}

/** An older daemon passes over what it does not know, and builds something else. */
function requireCaps({ metadata }: Definition, llbCaps: CapSet): void {
  for (const { caps } of metadata.values()) {
    for (const id of caps) requireCap(id, llbCaps);
  }
}

function requireCap(id: string, llbCaps: CapSet): void {
  if (!llbCaps.supports(id)) throw new TsbuildxError('UNSUPPORTED', llbCaps.reasonAgainst(id, 'experimental'));
}

function capSet(caps: readonly Capability[]): CapSet {
  return new CapSet(
    caps.map(({ id, enabled, disabledReasonMessage }) => ({ id, enabled, reason: disabledReasonMessage })),
  );
}

async function resolveImageConfig(
  bridge: Bridge,
  request: SourceMetaRequest,
  signal: AbortSignal,
): Promise<SourceMeta> {
  const { source, platform, logName, resolveMode = 'default' } = request;
  const [scheme = '', ref = ''] = source.identifier.split('://', 2);
  const { 'oci.session': sessionId = '', 'oci.store': storeId = '' } = source.attrs;
  const layout = request.kind === 'oci-layout' ? { sessionId, storeId } : undefined;
  const image = await bridge.resolveImageConfig({ ref, platform, resolveMode, logName, layout }, { signal });
  const identifier = image.ref === '' ? source.identifier : `${scheme}://${image.ref}`;
  return { source: { identifier, attrs: source.attrs }, image: { digest: image.digest, config: image.config } };
}

function sourceMeta({ source, image, git, http }: BridgeSourceMeta): SourceMeta {
  const lastModified = http?.lastModified === undefined ? undefined : new Date(Number(http.lastModified / 1_000_000n));
  return { source, image, git, http: http === undefined ? undefined : { lastModified } };
}

/** Definitions by name as the bridge takes them. */
export function encodeInputs(inputs: ReadonlyMap<string, Definition>): Map<string, Uint8Array> {
  return new Map([...inputs].map(([name, definition]) => [name, encodeDefinition(definition)]));
}

/** A source map as errors and warnings carry it. */
export function sourceInfo(source: Omit<SourceMap, 'state'> | undefined): SourceInfo | undefined {
  if (source === undefined) return undefined;
  const { filename, language, data, definition } = source;
  return { filename, language, data, definition: definition && encodeDefinition(definition) };
}
