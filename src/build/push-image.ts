// Matches buildx build/build.go pushWithMoby and remoteDigestWithMoby: what an engine without the containerd image store
// has built is pushed by the engine itself.
import { join } from 'node:path';
import { createCredentialStore, type DockerConfig, registryAuth } from '../docker/config/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';
import { formatReference, parseNormalizedReference, repositoryOf, withDefaultTag } from '../oci/index.ts';
import type { ClientSteps } from '../buildkit/control/index.ts';
import type { BuildEvent } from './events.ts';
import { followPush } from './layer-progress.ts';

export interface PushContext {
  readonly engine: EngineClient;
  readonly config: DockerConfig;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly steps: ClientSteps;
  readonly onEvent: (event: BuildEvent) => void;
  readonly signal: AbortSignal;
}

const DIGEST = 'containerimage.digest';
const CONFIG_DIGEST = 'containerimage.config.digest';

/**
 * Pushes an image under all its names, each in the step `pushing NAME with docker`. Answers with what that changes in the
 * exporters' answer: the digest is the registry's then.
 * Errors: ENGINE_FAILED, NOT_FOUND, TRANSPORT, AUTH, CANCELED.
 */
export async function pushByEngine(
  names: readonly string[],
  response: Readonly<Record<string, string>>,
  { engine, config, env, steps, onEvent, signal }: PushContext,
): Promise<Record<string, string>> {
  const buildxDir = env['BUILDX_CONFIG'] || join(config.dir, 'buildx');
  const onWarning = (message: string): void => onEvent({ kind: 'warning', message });
  const credentials = createCredentialStore({ config, buildxDir, env, onWarning });
  for (const name of names) {
    await steps.run(`pushing ${name} with docker`, async (_, tell) => {
      const reference = withDefaultTag(parseNormalizedReference(name));
      const pushed = { repository: repositoryOf(reference), tag: reference.tag };
      await using call = await engine.pushImage(pushed, await registryAuth(name, credentials, signal), { signal });
      await followPush(await call.answer(), tell);
    });
  }
  const first = formatReference(withDefaultTag(parseNormalizedReference(names[0] ?? '')));
  if (!(await engine.hasRepoDigests(first, { signal }))) return {};
  const remote = await engine.remoteDigest(first, await registryAuth(first, credentials, signal), { signal });
  if (remote === '') return {};
  // An old engine tells its own digest only, which is that of the config.
  const own = response[CONFIG_DIGEST] ?? response[DIGEST];
  return { ...(own === undefined ? {} : { [CONFIG_DIGEST]: own }), [DIGEST]: remote };
}
