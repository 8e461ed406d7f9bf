// Matches buildx commands/use.go: same order of checks, same error texts.
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { DEFAULT_CONTEXT } from '../../docker/contexts/index.ts';
import type { BuilderQuery } from '../find-builder.ts';
import type { UseBuilderOptions } from '../manage-builders.ts';
import { validName } from '../store/builder-name.ts';
import { instancePath, readDocument } from '../store/instances.ts';
import { openStateDir } from '../store/index.ts';
import { type LockedState, lockState, saveCurrent } from '../store/locked-state.ts';
import { currentEngine, isContext } from './current-engine.ts';

/** Rejects with NOT_FOUND, INVALID_ARGUMENT, IO, CANCELED. */
export async function useFound(
  { builder: name, global = false, asDefault = false }: UseBuilderOptions,
  query: BuilderQuery,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  await using state = await lockState(openStateDir(query.config.dir, query.env), options);
  const isInstance = knows(state, name);
  const { context, key } = await currentEngine(query);
  if (isInstance) return saveCurrent(state, { key, name, global }, asDefault);
  if (name === context) return saveCurrent(state, { key, name: '', global: false }, false);
  if (name === DEFAULT_CONTEXT) throw invalid('run `docker context use default` to switch to default context');
  if (await isContext(name, query)) throw invalid(`run \`docker context use ${name}\` to switch to context ${name}`);
  const path = instancePath(state, name);
  const text = `failed to find instance ${goQuote(name)}: open ${path}: no such file or directory`;
  throw new TsbuildxError('NOT_FOUND', text);
}

function knows(state: LockedState, name: string): boolean {
  try {
    validName(name);
    return readDocument(state, name) !== undefined;
  } catch (error) {
    const code = error instanceof TsbuildxError ? error.code : 'IO';
    throw wrap(code, `failed to find instance ${goQuote(name)}`, error);
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
