// What the conversion asks for, got from the daemon and from local files.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { customName, localSource, type SourceVertex, State } from '../../llb/index.ts';
import type {
  ConvertHost,
  NamedContext,
  NamedContextRequest,
  ResolvedImage,
  ResolveImageRequest,
  SignalOptions,
} from '../convert/index.ts';
import { parseIgnoreFile } from '../ignore/index.ts';
import type { LintSink } from '../lint/index.ts';
import type { SbomOptions } from './attestations.ts';
import type { FrontendOptions } from './attributes.ts';
import { type BuildContext, solveAlone } from './build-context.ts';
import { type DockerfileSource, sessionOf } from './dockerfile-source.ts';
import type { Gateway, LocalFiles } from './gateway.ts';
import { commitTime } from './git-commit.ts';
import { ignoreName, readIgnoreFile } from './ignore-file.ts';
import { ImageResolver } from './image-resolver.ts';
import { findNamedContext, type NamedContextDeps } from './named-context.ts';
import { createScanner, type Scan } from './sbom.ts';

export interface HostDeps {
  readonly gateway: Gateway;
  readonly locals: LocalFiles;
  readonly options: FrontendOptions;
  readonly context: BuildContext;
  readonly source: DockerfileSource;
  readonly newId: () => string;
}

/** Serves all platforms of one build, so that each thing is asked for once. */
export class FrontendHost {
  readonly #deps: HostDeps;
  readonly #images: ImageResolver;
  readonly #named: NamedContextDeps;
  #ignored: Promise<readonly string[]> | undefined;

  constructor(deps: HostDeps) {
    this.#deps = deps;
    this.#images = new ImageResolver(deps.gateway);
    const defaultPlatform = deps.options.convert.hostPlatform;
    this.#named = { gateway: deps.gateway, locals: deps.locals, images: this.#images, defaultPlatform };
  }

  /** The host of one conversion, with its own sink of warnings. */
  withSink(lint: LintSink | undefined): ConvertHost {
    return {
      lint,
      isNoCache: (stageName) => this.#isNoCache(stageName),
      mainContext: (followPaths, options) => this.#mainContext(followPaths, options),
      ignorePatterns: (options) => this.#ignorePatterns(options),
      namedContext: (name, request): NamedContext | undefined => this.#namedContext(name, request),
      resolveImage: (ref, request, options) => this.#resolveImage(ref, request, options),
      sourceTime: (source, logName, options) => this.#sourceTime(source, logName, options),
      newProgressGroupId: this.#deps.newId,
    };
  }

  /** The scanner of an SBOM; it runs on the builder's platform. */
  createScanner(sbom: SbomOptions, options: SignalOptions): Promise<Scan> {
    const { gateway, options: asked } = this.#deps;
    const { buildPlatforms, hostPlatform, resolveMode } = asked.convert;
    const [platform = hostPlatform] = buildPlatforms;
    return createScanner(sbom, { gateway, images: this.#images, platform, resolveMode }, options);
  }

  #isNoCache(stageName: string): boolean {
    const { noCache } = this.#deps.options;
    if (noCache === 'all') return true;
    return noCache.some((name) => name.toLowerCase() === stageName.toLowerCase());
  }

  async #mainContext(followPaths: readonly string[], options: SignalOptions): Promise<State> {
    const { context, gateway } = this.#deps;
    const { remote, contextName } = context;
    if (remote !== undefined) return remote;
    const excludePatterns = await this.#ignorePatterns(options);
    return localSource(contextName, {
      sessionId: sessionOf(gateway.buildOpts, contextName),
      excludePatterns,
      sharedKeyHint: contextName,
      description: { [customName]: '[internal] load build context' },
      followPaths,
    });
  }

  #ignorePatterns({ signal }: SignalOptions): Promise<readonly string[]> {
    this.#ignored ??= this.#readIgnorePatterns(signal);
    return this.#ignored;
  }

  async #readIgnorePatterns(signal: AbortSignal): Promise<readonly string[]> {
    const { context, source } = this.#deps;
    if (context.remote !== undefined) return [];
    const { name, data } = source.ignoreFile ?? { name: ignoreName, data: await this.#readIgnore(signal) };
    try {
      return parseIgnoreFile(data);
    } catch (cause) {
      throw new TsbuildxError('INVALID_ARGUMENT', `failed parsing ${name}: ${messageOf(cause)}`, { cause });
    }
  }

  #readIgnore(signal: AbortSignal): Promise<Uint8Array> {
    const { context, gateway } = this.#deps;
    const { contextName: localName } = context;
    const sessionId = sessionOf(gateway.buildOpts, localName);
    const owner = 'internal';
    return readIgnoreFile(this.#deps, { localName, sessionId, sharedKeyHint: localName, owner }, signal);
  }

  #namedContext(name: string, request: NamedContextRequest): NamedContext | undefined {
    return findNamedContext(this.#named, name, request);
  }

  #resolveImage(ref: string, request: ResolveImageRequest, options: SignalOptions): Promise<ResolvedImage> {
    return this.#images.resolve(ref, request, options);
  }

  async #sourceTime(source: SourceVertex, logName: string, { signal }: SignalOptions): Promise<bigint | undefined> {
    const { identifier, attrs } = source;
    const gitObject = identifier.startsWith('git://');
    const request = {
      source: { identifier, attrs: Object.fromEntries(attrs) },
      logName,
      gitObject,
      kind: 'other',
    } as const;
    const { git, http } = await this.#deps.gateway.resolveSourceMeta(request, { signal });
    const commit = git?.commitObject;
    if (commit !== undefined && commit.length > 0) return commitTime(commit);
    const modified = http?.lastModified;
    if (modified !== undefined) return BigInt(Math.floor(modified.getTime() / 1000));
    const path = attrs.get('http.filename') ?? '';
    return path === '' || !/^https?:/.test(identifier) ? undefined : this.#archiveTime(source, path, signal);
  }

  /** The web server has not said how old it is. */
  async #archiveTime(source: SourceVertex, path: string, signal: AbortSignal): Promise<bigint | undefined> {
    const { gateway } = this.#deps;
    const ref = await solveAlone(gateway, State.of(source.output), 'failed to resolve SOURCE_DATE_EPOCH', signal);
    if (ref === undefined) return undefined;
    const { archiveTime } = await import('./archive-time.ts');
    return archiveTime({ gateway, ref, path, signal });
  }
}
