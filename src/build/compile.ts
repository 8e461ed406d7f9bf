import { randomUUID } from 'node:crypto';
import { TsbuildxError } from '../base/errors.ts';
import { member, textMember } from '../base/json-object.ts';
import { silentSteps, type VertexWarning } from '../buildkit/control/index.ts';
import { dockerConfigDir, loadDockerConfig } from '../docker/config/index.ts';
import { type FrontendResult, type Gateway, runFrontend } from '../dockerfile/frontend/index.ts';
import { currentCaps, type Definition, encodeDefinition } from '../llb/index.ts';
import { anyFeatures, frontendAttributes } from './attributes.ts';
import { hostPlatform } from './host-platform.ts';
import { type ImageSource, listedImages, registryImages, unknownImages } from './image-sources.ts';
import { prepareInputs } from './inputs.ts';
import { localFiles } from './local-files.ts';
import { offlineGateway } from './offline-gateway.ts';
import type { BuildOptions } from './options.ts';

/** What to compile. Of the options of a build those count that shape its graph. */
export interface CompileOptions extends BuildOptions {
  /**
   * Where the configs of base images come from. Default `registry`. `none`: nothing is known of them and references stay
   * unpinned. An object gives them, by reference or `reference|platform`.
   */
  readonly resolve?: 'registry' | 'none' | Readonly<Record<string, unknown>> | undefined;
}

/** The build graph of one platform. */
export interface CompiledPlatform {
  readonly platform: string;
  /** An encoded `pb.Definition`; local directories are `context` and `dockerfile`. */
  readonly definition: Uint8Array;
  /** The config of the image, JSON. */
  readonly image: string;
}

export interface CompileResult {
  /** One for each platform that was asked for. */
  readonly platforms: readonly CompiledPlatform[];
  readonly warnings: readonly VertexWarning[];
}

/**
 * Compiles a Dockerfile to LLB without a daemon.
 * Errors: DOCKERFILE, INVALID_ARGUMENT, NOT_FOUND, UNSUPPORTED (a Dockerfile that only a daemon can fetch, or that asks
 * for another frontend), AUTH, TRANSPORT, CANCELED.
 */
export async function compile(
  options: CompileOptions,
  context: {
    readonly signal?: AbortSignal | undefined;
    readonly onWarning?: ((message: string) => void) | undefined;
  } = {},
): Promise<CompileResult> {
  const { signal = new AbortController().signal, onWarning = () => {} } = context;
  const env = options.env ?? process.env;
  await using inputs = await prepareInputs(options, options.cwd ?? process.cwd());
  const opts = {
    ...Object.fromEntries(frontendAttributes(options, anyFeatures, env, new Map())),
    ...Object.fromEntries(inputs.attributes),
  };
  const workers = [{ platforms: [hostPlatform()] }];
  const images = await imageSource(options, env, onWarning);
  const warnings: VertexWarning[] = [];
  const offline = offlineGateway(
    // Without a session in it the graph can be solved by whoever serves its directories.
    { opts, sessionId: '', workers, llbCaps: currentCaps, caps: currentCaps },
    { onWarning: (warning) => warnings.push(warning) },
  );
  const { gateway, definitions } = collecting(offline.gateway, images);
  const result = await runFrontend({ gateway, locals: localFiles(inputs.localDirs, silentSteps) }, { signal });
  return { platforms: compiled(result, definitions), warnings };
}

async function imageSource(
  { resolve = 'registry', docker }: CompileOptions,
  env: Readonly<Record<string, string | undefined>>,
  onWarning: (message: string) => void,
): Promise<ImageSource> {
  if (resolve === 'none') return unknownImages;
  if (resolve !== 'registry') return listedImages(resolve);
  return registryImages(await loadDockerConfig(dockerConfigDir(docker?.configDir, env)), env, onWarning);
}

/** Keeps what a daemon would be told to solve. */
function collecting(
  offline: Gateway,
  images: ImageSource,
): { readonly gateway: Gateway; readonly definitions: ReadonlyMap<string, Definition> } {
  const definitions = new Map<string, Definition>();
  const gateway: Gateway = {
    ...offline,
    async resolveSourceMeta({ source, kind, platform = hostPlatform() }, options) {
      if (kind !== 'image') throw onlyDaemon(`look at ${source.identifier}`);
      const ref = source.identifier.replace(/^docker-image:\/\//, '');
      return { source, image: await images(ref, platform, options) };
    },
    async solve(request) {
      if (!('definition' in request)) {
        throw onlyDaemon(`run the frontend ${request.frontendOpts['source'] ?? request.frontend}`);
      }
      const id = randomUUID();
      definitions.set(id, request.definition);
      return { ref: { id }, metadata: new Map() };
    },
    readFile: async (_, { path }) => {
      throw onlyDaemon(`fetch ${path}, which is not here,`);
    },
  };
  return { gateway, definitions };
}

function onlyDaemon(what: string): TsbuildxError {
  return new TsbuildxError('UNSUPPORTED', `only a daemon can ${what} for this build`);
}

function compiled(result: FrontendResult, definitions: ReadonlyMap<string, Definition>): CompiledPlatform[] {
  const text = (key: string): string => Buffer.from(result.metadata.get(key) ?? '').toString();
  const ids = platformIds(text('refs.platforms'));
  return ids.map((platform) => {
    const { refs } = result;
    const ref = refs === undefined ? result.ref : refs.get(platform);
    const definition = definitions.get(ref?.id ?? '');
    if (definition === undefined) throw new TsbuildxError('PROTOCOL', `no result for ${platform}`);
    const config = text(refs === undefined ? 'containerimage.config' : `containerimage.config/${platform}`);
    return { platform, definition: encodeDefinition(definition), image: config };
  });
}

function platformIds(json: string): string[] {
  const platforms = member(JSON.parse(json), 'Platforms');
  return Array.isArray(platforms) ? platforms.map((platform) => textMember(platform, 'ID')) : [];
}
