import { TsbuildxError } from '../../base/errors.ts';
import { familiarReference, parseNormalizedReference, withDefaultTag } from '../../oci/index.ts';
import type { EngineCallOptions, EngineClient } from '../engine/index.ts';

/** Has an engine pull an image. Rejects with ENGINE_FAILED (its reason), NOT_FOUND, TRANSPORT, CANCELED. */
export async function pullImage(
  engine: EngineClient,
  name: string,
  auth: string,
  { signal }: EngineCallOptions,
): Promise<void> {
  const reference = withDefaultTag(parseNormalizedReference(name));
  const repository = familiarReference({ ...reference, tag: undefined, digest: undefined });
  const tag = reference.digest ?? reference.tag ?? 'latest';
  await using call = await engine.pullImage({ repository, tag }, auth, { signal });
  let failure = '';
  for await (const { error } of await call.answer()) failure ||= error;
  if (failure !== '') throw new TsbuildxError('ENGINE_FAILED', failure);
}
