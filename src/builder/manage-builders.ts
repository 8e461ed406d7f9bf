import type { Duplex } from 'node:stream';
import type { TsbuildxError } from '../base/errors.ts';
import type { SolveStatus } from '../buildkit/control/index.ts';
import type { RemoveSetting } from './manage/remove.ts';
import { ANSWER_MS, builderQuery, type BuilderSettings } from './builder-query.ts';

/** What `createBuilder` makes. */
export interface CreateBuilderOptions extends BuilderSettings {
  /** Letters, digits and `._-`, the first one a letter. Default: one that is made up. */
  readonly name?: string | undefined;
  /** `docker-container`, `kubernetes`, `remote` or `local`. Default: `remote` for the address of a BuildKit, else `docker-container`. */
  readonly driver?: string | undefined;
  /** For the remote driver the address of a BuildKit, default `$BUILDKIT_HOST`; else a docker context or an address of an engine. */
  readonly endpoint?: string | undefined;
  /** Name of the node to change or, with `append`, to add. Default: the builder's name and a number. */
  readonly node?: string | undefined;
  /** Add the node to a builder that is there. Default false. */
  readonly append?: boolean | undefined;
  /** `linux/arm64`: what the node is preferred for, and its other nodes then no longer. */
  readonly platforms?: readonly string[] | undefined;
  /** Options of the driver. */
  readonly driverOpts?: Readonly<Record<string, string>> | undefined;
  /** What its buildkitd is started with. */
  readonly buildkitdFlags?: readonly string[] | undefined;
  /** Path of the buildkitd.toml that it gets. Default: `buildkitd.default.toml` of the state directory, where there is one. */
  readonly buildkitdConfig?: string | undefined;
  /** Make it the current builder. Default false. */
  readonly use?: boolean | undefined;
  /** Start its nodes. Default false: the first build does. */
  readonly bootstrap?: boolean | undefined;
  /** Milliseconds that its daemons may take to answer; 0 for no limit. Default 20 000. */
  readonly timeoutMs?: number | undefined;
}

export interface CreateBuilderContext {
  readonly signal?: AbortSignal | undefined;
  /** Told of the steps of `bootstrap`. */
  readonly onStatus?: ((status: SolveStatus) => void) | undefined;
  readonly onWarning?: ((message: string) => void) | undefined;
}

export interface UseBuilderOptions extends BuilderSettings {
  /** A builder, or the current docker context for the engine's own. */
  readonly builder: string;
  /** For all docker contexts. Default false: for the current one. */
  readonly global?: boolean | undefined;
  /** Also whenever this docker context is come back to. Default false. */
  readonly asDefault?: boolean | undefined;
}

export interface RemoveOptions extends BuilderSettings {
  /** Keep the build cache, for a builder of the same name that is made later. Default false. */
  readonly keepState?: boolean | undefined;
  /** Forget the builder and let its daemons run. Default false. */
  readonly keepDaemon?: boolean | undefined;
  /** Milliseconds that its daemons may take; 0 for no limit. Default 20 000. */
  readonly timeoutMs?: number | undefined;
}

export interface RemoveBuilderOptions extends RemoveOptions {
  /** Names; empty ones stand for the current builder. */
  readonly builders: readonly string[];
}

/** How the removal of a builder ended. It is also gone when its daemons could not be reached. */
export interface RemovedBuilder {
  readonly name: string;
  readonly error: TsbuildxError | undefined;
}

export interface RemoveContext {
  readonly signal?: AbortSignal | undefined;
  readonly onRemoved?: ((removed: RemovedBuilder) => void) | undefined;
}

/**
 * Makes a builder, or adds a node to one (`append`), or changes a node; gives the builder's name. What makes no sense to its
 * driver changes nothing.
 * Errors: INVALID_ARGUMENT, NOT_FOUND (a builder, a docker context), UNSUPPORTED, IO, CANCELED; of `bootstrap` whatever kept
 * a node from starting, with the builder made.
 */
export async function createBuilder(
  options: CreateBuilderOptions = {},
  context: CreateBuilderContext = {},
): Promise<string> {
  const query = await builderQuery(undefined, options);
  const { createFound } = await import('./manage/index.ts');
  const { signal = new AbortController().signal, onWarning = () => undefined } = context;
  const name = await createFound(options, query, { timeoutMs: options.timeoutMs ?? ANSWER_MS, onWarning, signal });
  if (options.bootstrap === true) {
    const { inspectBuilder } = await import('./inspect-builder.ts');
    await inspectBuilder({ ...options, builder: name }, context);
  }
  return name;
}

/** Takes a node away from a builder that has others. Errors: INVALID_ARGUMENT, NOT_FOUND, IO, CANCELED. */
export async function leaveBuilder(
  options: BuilderSettings & { readonly name: string; readonly node: string },
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const query = await builderQuery(undefined, options);
  const { leaveFound } = await import('./manage/index.ts');
  await leaveFound(options, query, { signal });
}

/** Makes a builder the current one. Errors: NOT_FOUND, INVALID_ARGUMENT (another docker context), IO, CANCELED. */
export async function useBuilder(
  options: UseBuilderOptions,
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const query = await builderQuery(undefined, options);
  const { useFound } = await import('./manage/index.ts');
  await useFound(options, query, { signal });
}

/**
 * Removes builders, their daemons and build caches. Rejects with INVALID_ARGUMENT, when all are done, if any failed:
 * `onRemoved` tells which and why. Errors also: IO, CANCELED.
 */
export async function removeBuilder(options: RemoveBuilderOptions, context: RemoveContext = {}): Promise<void> {
  const query = await builderQuery(undefined, options);
  const { removeFound } = await import('./manage/index.ts');
  await removeFound(options.builders, options, query, removeSetting(options, context));
}

/** As `removeBuilder`, all builders of which no node runs. */
export async function removeInactiveBuilders(options: RemoveOptions = {}, context: RemoveContext = {}): Promise<void> {
  const query = await builderQuery(undefined, options);
  const { removeInactive } = await import('./manage/index.ts');
  await removeInactive(options, query, removeSetting(options, context));
}

/** Stops the daemons of a builder; the next build starts them again. Errors: NOT_FOUND, ENGINE_FAILED, TRANSPORT, IO, CANCELED. */
export async function stopBuilder(
  options: BuilderSettings & {
    /** Default: `$BUILDX_BUILDER`, else the current builder. */
    readonly builder?: string | undefined;
  } = {},
  { signal = new AbortController().signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const query = await builderQuery(options.builder, options);
  const { stopFound } = await import('./manage/index.ts');
  await stopFound(query, { signal });
}

export interface DialBuilderOptions extends BuilderSettings {
  /** Default: `$BUILDX_BUILDER`, else the current builder. */
  readonly builder?: string | undefined;
  /** `linux/arm64`: a node that builds for it. Default: the first one. */
  readonly platform?: string | undefined;
}

export interface DialBuilderContext {
  readonly signal?: AbortSignal | undefined;
  /** Told when a node has to be started. */
  readonly onStatus?: ((status: SolveStatus) => void) | undefined;
}

/**
 * Opens a stream to the gRPC API of a builder's BuildKit; the caller owns it and destroys it. Errors: NOT_FOUND,
 * INVALID_ARGUMENT, TRANSPORT, ENGINE_FAILED, IO, CANCELED.
 */
export async function dialBuilder(options: DialBuilderOptions = {}, context: DialBuilderContext = {}): Promise<Duplex> {
  const query = await builderQuery(options.builder, options);
  const { dialFound } = await import('./manage/index.ts');
  const { signal = new AbortController().signal, onStatus = () => undefined } = context;
  return await dialFound(
    options.platform,
    { ...query, anyContext: false, contextKey: process.cwd() },
    { signal, onStatus },
  );
}

function removeSetting({ timeoutMs = ANSWER_MS }: RemoveOptions, context: RemoveContext): RemoveSetting {
  const { signal = new AbortController().signal, onRemoved = () => undefined } = context;
  return { timeoutMs, signal, onRemoved };
}
