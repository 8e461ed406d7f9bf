import { TsbuildxError } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';
import { type EngineCallOptions, type EngineClient, EngineError } from '../engine/index.ts';

/** A container that is to be made, in the API's own words. */
export interface ContainerConfig {
  readonly Image: string;
  readonly Env?: readonly string[] | undefined;
  readonly Cmd?: readonly string[] | undefined;
  readonly Entrypoint?: readonly string[] | undefined;
  readonly HostConfig: object;
}

export interface LocalImage {
  readonly id: string;
  /** Of its manifest or index; undefined where the engine keeps images in its old store. */
  readonly descriptorDigest: string | undefined;
}

/**
 * Makes a container, with a name or one that the engine invents. Gives its id; undefined when there is one of that name.
 * Rejects with NOT_FOUND (the image), ENGINE_FAILED, TRANSPORT, CANCELED.
 */
export async function createContainer(
  engine: EngineClient,
  name: string | undefined,
  config: ContainerConfig,
  options: EngineCallOptions,
): Promise<string | undefined> {
  const query = name === undefined ? '' : `?name=${encodeURIComponent(name)}`;
  try {
    const answer = await engine.call({ method: 'POST', path: `/containers/create${query}`, body: config }, options);
    const id = textMember(answer, 'Id');
    if (id === '') throw new TsbuildxError('PROTOCOL', 'the Docker daemon made a container without an id');
    return id;
  } catch (error) {
    if (error instanceof EngineError && error.status === 409) return undefined;
    throw error;
  }
}

/** Unpacks an archive in a container that is there. */
export async function copyToContainer(
  engine: EngineClient,
  name: string,
  { dir, archive }: { readonly dir: string; readonly archive: Uint8Array },
  options: EngineCallOptions,
): Promise<void> {
  const query = new URLSearchParams({ noOverwriteDirNonDir: 'true', path: dir });
  await engine.call({ method: 'PUT', path: `${pathOf(name)}/archive?${query.toString()}`, archive }, options);
}

/** Ends a container in its own time, at most as long as it was made with. Rejects with NOT_FOUND. */
export async function stopContainer(engine: EngineClient, name: string, options: EngineCallOptions): Promise<void> {
  await engine.call({ method: 'POST', path: `${pathOf(name)}/stop` }, options);
}

/** Removes a container and its nameless volumes; with `force` also one that runs. Rejects with NOT_FOUND. */
export async function removeContainer(
  engine: EngineClient,
  name: string,
  { force, signal }: EngineCallOptions & { readonly force: boolean },
): Promise<void> {
  await engine.call({ method: 'DELETE', path: `${pathOf(name)}?v=1${force ? '&force=1' : ''}` }, { signal });
}

/** Rejects with NOT_FOUND, and with ENGINE_FAILED while a container uses it. */
export async function removeVolume(engine: EngineClient, name: string, options: EngineCallOptions): Promise<void> {
  await engine.call({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}` }, options);
}

/** An image that the engine has. Rejects with NOT_FOUND. */
export async function inspectImage(
  engine: EngineClient,
  name: string,
  options: EngineCallOptions,
): Promise<LocalImage> {
  const answer = await engine.call({ method: 'GET', path: `/images/${name}/json` }, options);
  const digest = textMember(member(answer, 'Descriptor'), 'digest');
  return { id: textMember(answer, 'Id'), descriptorDigest: digest === '' ? undefined : digest };
}

function pathOf(container: string): string {
  return `/containers/${encodeURIComponent(container)}`;
}
