// Matches frontend/dockerui/namedcontext.go: contexts given in place of images and stages.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import {
  customName,
  httpSource,
  imageSource,
  localSource,
  ociLayoutSource,
  type Output,
  State,
  stateOf,
  type Vertex,
} from '../../llb/index.ts';
import {
  familiarReference,
  formatPlatformFully,
  formatReference,
  normalizePlatform,
  parseNormalizedReference,
  parseReference,
  type Platform,
  repositoryOf,
  withDefaultTag,
} from '../../oci/index.ts';
import {
  decodeImage,
  type ImageConfig,
  imagePlatform,
  type NamedContext,
  type NamedContextRequest,
} from '../convert/index.ts';
import { parseIgnoreFile } from '../ignore/index.ts';
import { own } from './build-context.ts';
import { sessionOf } from './dockerfile-source.ts';
import type { Gateway, LocalFiles } from './gateway.ts';
import { downloadedName, gitContext } from './git-context.ts';
import { ignoreName, readIgnoreFile } from './ignore-file.ts';
import { type ImageResolver, NotAnImageError } from './image-resolver.ts';

export interface NamedContextDeps {
  readonly gateway: Gateway;
  readonly locals: LocalFiles;
  readonly images: ImageResolver;
  /** Platform of requests that name none. */
  readonly defaultPlatform: Platform;
}

interface Loaded {
  readonly state: State;
  readonly image: ImageConfig | undefined;
}

/** Redirects by source policies. */
const maxRedirects = 10;

/** The context given for a name, for the platform first; undefined when there is none. */
export function findNamedContext(
  deps: NamedContextDeps,
  name: string,
  request: NamedContextRequest,
): NamedContext | undefined {
  const { opts } = deps.gateway.buildOpts;
  const short = shortName(name);
  const platform = normalizePlatform(request.platform ?? deps.defaultPlatform);
  const key = [`${short}::${formatPlatformFully(platform)}`, short].find(
    (candidate) => own(opts, `context:${candidate}`) !== undefined,
  );
  if (key === undefined) return undefined;
  const input = own(opts, `context:${key}`) ?? '';
  return { load: ({ signal }) => new Loader(deps, { name: short, key, request, signal }).load(input, 0) };
}

function shortName(name: string): string {
  try {
    return familiarReference(parseNormalizedReference(name)).replace(/:latest$/, '');
  } catch (error) {
    throw new TsbuildxError('DOCKERFILE', `invalid context name ${name}: ${messageOf(error)}`, { cause: error });
  }
}

interface LoadRequest {
  readonly name: string;
  /** The name, with the platform when the context is for one. */
  readonly key: string;
  readonly request: NamedContextRequest;
  readonly signal: AbortSignal;
}

class Loader {
  readonly #deps: NamedContextDeps;
  readonly #wanted: LoadRequest;

  constructor(deps: NamedContextDeps, wanted: LoadRequest) {
    this.#deps = deps;
    this.#wanted = wanted;
  }

  async load(input: string, redirects: number): Promise<Loaded> {
    const { key } = this.#wanted;
    if (redirects > maxRedirects) {
      throw invalid(
        `context recursion limit exceeded; this may indicate a cycle in the provided source policies: ${input}`,
      );
    }
    const colon = input.indexOf(':');
    if (colon < 0) throw invalid(`invalid context specifier ${input} for ${key}`);
    const scheme = input.slice(0, colon);
    const rest = input.slice(colon + 1);
    switch (scheme.startsWith('git@') ? 'git' : scheme) {
      case 'docker-image':
        return this.#image(rest.replace(/^\/\//, ''), redirects);
      case 'git':
        return this.#git(input);
      case 'http':
      case 'https':
        return this.#web(input);
      case 'oci-layout':
        return this.#ociLayout(rest.replace(/^\/\//, ''));
      case 'local':
        return this.#local(rest);
      case 'input':
        return this.#input(rest);
      default:
        throw invalid(`unsupported context source ${scheme} for ${key}`);
    }
  }

  async #image(text: string, redirects: number): Promise<Loaded> {
    const { key, request, signal } = this.#wanted;
    if (text === 'scratch') return { state: State.scratch(), image: undefined };
    const ref = formatReference(withDefaultTag(parseNormalizedReference(text)));
    const { platform, resolveMode } = request;
    const logName = `[context ${key}] load metadata for ${text}`;
    try {
      const found = await this.#deps.images.resolve(ref, { logName, platform, resolveMode }, { signal });
      const description = { [customName]: `[context ${key}] ${text}` };
      const state = imageSource(fullReference(found.ref), { platform, description });
      const loaded = configured(state, found.config);
      // Such a base has no time of its own, unlike those of other kinds.
      return { ...loaded, image: loaded.image && { ...loaded.image, created: undefined } };
    } catch (error) {
      if (!(error instanceof NotAnImageError)) throw error;
      const at = error.updated.indexOf('://');
      if (at < 0) throw invalid(`could not parse ref: ${error.updated}`);
      return this.load(`${error.updated.slice(0, at)}:${error.updated.slice(at + 3)}`, redirects + 1);
    }
  }

  #git(input: string): Loaded {
    const state = gitContext(input, { keepGitDir: false, commitTimes: false });
    if (state === undefined) throw invalid(`invalid git context ${input}`);
    return { state, image: undefined };
  }

  #web(input: string): Loaded {
    const git = gitContext(input, { keepGitDir: false, commitTimes: false });
    const description = { [customName]: `[context ${this.#wanted.key}] ${input}` };
    return { state: git ?? httpSource(input, { filename: downloadedName, description }), image: undefined };
  }

  async #ociLayout(spec: string): Promise<Loaded> {
    const { name, key, request, signal } = this.#wanted;
    const layout = parseLayout(spec);
    const { digest } = layout;
    if (digest === undefined) throw invalid(`oci-layout reference "${formatReference(layout)}" has no digest`);
    const storeId = repositoryOf(layout);
    const { sessionId } = this.#deps.gateway.buildOpts;
    // The name is for people; the store and the digest find the image.
    const ref = formatReference({ ...parseNormalizedReference(name), digest });
    const { platform, resolveMode } = request;
    const logName = `[context ${key}] load metadata for ${ref}`;
    const store = { sessionId, storeId };
    const { config } = await this.#deps.images.resolve(ref, { logName, platform, resolveMode, store }, { signal });
    const description = { [customName]: `[context ${key}] OCI load from client` };
    return configured(ociLayoutSource(ref, { platform, description, sessionId, storeId }), config);
  }

  async #local(localName: string): Promise<Loaded> {
    const { key, request, signal } = this.#wanted;
    const { buildOpts } = this.#deps.gateway;
    const sessionId = sessionOf(buildOpts, localName);
    const context = { localName, sessionId, sharedKeyHint: `context:${key}`, owner: `context ${key}` };
    const ignore = await readIgnoreFile(this.#deps, context, signal);
    const sharedKey = own(buildOpts.opts, `sharedkey:localdir:${key}`) ?? '';
    // The stock frontend does so since BuildKit 0.28, which is known by this capability.
    const isShared = buildOpts.llbCaps.supports('source.imageblob');
    const hint = isShared ? `context:${key}-${sharedKey}` : `context:${key}`;
    const excludePatterns =
      ignore.length === 0 ? [] : prefixed(`failed parsing ${ignoreName}`, () => parseIgnoreFile(ignore));
    // Which paths are needed is known when all is converted.
    const output = new LazyOutput(() =>
      localSource(localName, {
        description: { [customName]: `[context ${key}] load from client` },
        sessionId,
        sharedKeyHint: hint,
        excludePatterns,
        followPaths: request.followPaths(),
      }),
    );
    return { state: State.of(output), image: undefined };
  }

  async #input(name: string): Promise<Loaded> {
    const { key, signal } = this.#wanted;
    const { gateway } = this.#deps;
    const definition = (await gateway.inputs({ signal })).get(name);
    if (definition === undefined) throw invalid(`invalid input ${name} for ${key}`);
    const config = inputConfig(own(gateway.buildOpts.opts, `input-metadata:${name}`));
    const state = stateOf(definition);
    return config === undefined ? { state, image: undefined } : configured(state, config);
  }
}

/** A state that starts as the image's config says. */
function configured(state: State, config: Uint8Array): Loaded {
  const image = decodeImage(config);
  let result = state;
  for (const [name, value] of image.config.env.variables()) if (name !== '') result = result.addEnv(name, value);
  result = result.withDir(image.config.workingDir);
  if (image.os !== '' && image.architecture !== '') result = result.withPlatform(imagePlatform(image));
  return { state: result, image };
}

/** The image config that a linked target of bake carries along: `{"containerimage.config": "<base64>"}`. */
function inputConfig(metadata: string | undefined): Uint8Array | undefined {
  if (metadata === undefined) return undefined;
  const parsed = prefixed(`failed to parse input metadata ${metadata}`, (): unknown => JSON.parse(metadata));
  const key = 'containerimage.config';
  if (typeof parsed !== 'object' || parsed === null || !(key in parsed)) return undefined;
  const encoded = parsed[key];
  return typeof encoded === 'string' ? Buffer.from(encoded, 'base64') : undefined;
}

function fullReference(ref: string): string {
  return formatReference(withDefaultTag(parseNormalizedReference(ref)));
}

function parseLayout(spec: string): ReturnType<typeof parseReference> {
  return prefixed(`could not parse oci-layout reference ${JSON.stringify(spec)}`, () => parseReference(spec));
}

function prefixed<T>(what: string, body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw new TsbuildxError('INVALID_ARGUMENT', `${what}: ${messageOf(cause)}`, { cause });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}

/** An output made when the definition is, not before. */
class LazyOutput implements Output {
  readonly #make: () => State;
  #output: Output | undefined;

  constructor(make: () => State) {
    this.#make = make;
  }

  get vertex(): Vertex {
    return this.#made.vertex;
  }

  get index(): number {
    return this.#made.index;
  }

  get #made(): Output {
    this.#output ??= this.#make().output;
    if (this.#output === undefined) throw new TypeError('a local context cannot be empty');
    return this.#output;
  }
}
