// Matches buildx driver/docker-container/driver.go create: same parts, same container.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { TsbuildxError, wrap } from '../../../base/errors.ts';
import { parseGoBool } from '../../../base/go-bool.ts';
import { createCredentialStore, registryAuth } from '../../../docker/config/index.ts';
import {
  configArchive,
  type ConfigFiles,
  type ContainerConfig,
  copyToContainer,
  createContainer,
  inspectImage,
  type LocalImage,
  pullImage,
} from '../../../docker/containers/index.ts';
import type { EngineClient } from '../../../docker/engine/index.ts';
import { parseNormalizedReference, repositoryOf } from '../../../oci/index.ts';
import type { EngineSettings } from '../../open-engine.ts';
import { CONFIG_DIR, CONFIG_FILE } from '../daemon-config.ts';
import type { BootOptions } from '../driver.ts';
import { githubContext } from './github-context.ts';
import { hasGpus, ALL_GPUS } from './gpus.ts';
import { hostConfig } from './host-config.ts';
import type { ContainerOptions } from './options.ts';

/** The container that a node of a builder is. */
export interface ContainerNode {
  readonly name: string;
  readonly options: ContainerOptions;
  /** Arguments of its buildkitd. */
  readonly flags: readonly string[];
  /** Below its `/etc/buildkit`. */
  readonly files: ConfigFiles;
}

const DEFAULT_IMAGE = 'moby/buildkit:buildx-stable-1';
const TRUSTED_REPOSITORY = 'docker.io/moby/buildkit';

/**
 * Makes and starts the container, and waits for its daemon. When another process makes it meanwhile, theirs is waited for.
 * Rejects with ENGINE_FAILED, NOT_FOUND (the image), INVALID_ARGUMENT, AUTH, IO, UNSUPPORTED, TRANSPORT, CANCELED.
 */
export async function createNode(
  engine: EngineClient,
  node: ContainerNode,
  settings: EngineSettings,
  { tell, signal }: BootOptions,
  waitForDaemon: () => Promise<void>,
): Promise<void> {
  const { name, options } = node;
  const image = options.image ?? DEFAULT_IMAGE;
  const local = await bringImage(engine, image, settings, { tell, signal });
  refuseUntrusted(image, local, options, settings);
  await tell.part(`creating container ${name}`, async () => {
    const files = await configFiles(node, settings);
    const gpus = (await hasGpus(engine, image, { signal })) ? [ALL_GPUS] : [];
    const info = await engine.info({ signal }).catch(() => undefined);
    const config: ContainerConfig = {
      Image: image,
      Env: options.env,
      Cmd: CONFIG_FILE in node.files ? ['--config', `${CONFIG_DIR}/${CONFIG_FILE}`, ...node.flags] : node.flags,
      HostConfig: hostConfig(name, options, { info, gpus, wsl: hasWslLibraries(engine, settings) }),
    };
    if ((await createContainer(engine, name, config, { signal })) !== undefined) {
      if (Object.keys(files).length > 0) {
        await copyToContainer(engine, name, { dir: '/etc', archive: configArchive('buildkit', files) }, { signal });
      }
      await engine.startContainer(name, { signal });
    }
    await waitForDaemon();
  });
}

/** Pulls the image; one that the engine has is good enough when that fails. */
async function bringImage(
  engine: EngineClient,
  image: string,
  { config, env }: EngineSettings,
  { tell, signal }: BootOptions,
): Promise<LocalImage> {
  const pulled = await tell
    .part(`pulling image ${image}`, async () => {
      const buildxDir = env['BUILDX_CONFIG'] || join(config.dir, 'buildx');
      const credentials = createCredentialStore({ config, buildxDir, env, onWarning: () => {} });
      await pullImage(engine, image, await registryAuth(image, credentials, signal), { signal });
    })
    .then(() => undefined)
    .catch((error: unknown) => ({ error }));
  if (signal.aborted && pulled !== undefined) throw pulled.error;
  let local: LocalImage;
  try {
    local = await inspectImage(engine, image, { signal });
  } catch (error) {
    if (pulled !== undefined) throw pulled.error;
    throw wrap(
      error instanceof TsbuildxError ? error.code : 'ENGINE_FAILED',
      `failed to inspect pulled image ${image}`,
      error,
    );
  }
  if (pulled !== undefined) await tell.part(`using local image ${image}`, async () => {});
  return local;
}

/** buildx can be told to verify the signature of its own image; here that cannot be promised. */
function refuseUntrusted(image: string, local: LocalImage, options: ContainerOptions, { env }: EngineSettings): void {
  if (parseGoBool(env['BUILDX_DEFAULT_POLICY'] ?? '') !== true || options.allowUntrustedImage) return;
  const reference = parseNormalizedReference(image);
  const isPinned = reference.digest !== undefined && reference.tag === undefined;
  if (local.descriptorDigest === undefined || isPinned || repositoryOf(reference) !== TRUSTED_REPOSITORY) return;
  throw new TsbuildxError(
    'UNSUPPORTED',
    `BUILDX_DEFAULT_POLICY asks for a verified ${image}, and signatures of images are not verified here: ` +
      'name it by digest, or make the builder with --driver-opt allow-untrusted-image=true',
  );
}

async function configFiles({ files, options }: ContainerNode, { env }: EngineSettings): Promise<ConfigFiles> {
  const context = options.provenanceAddGha ? await githubContext(env) : undefined;
  return context === undefined ? files : { ...files, 'provenance.d/github_actions_context.json': context };
}

const WSL_LIBRARIES = '/usr/lib/wsl';

/** Whether this is WSL and the engine sees the same files. */
function hasWslLibraries({ host }: EngineClient, { env }: EngineSettings): boolean {
  return Boolean(env['WSL_DISTRO_NAME']) && /^(?:unix|npipe|fd):\/\//.test(host) && existsSync(WSL_LIBRARIES);
}
