import { TsbuildxError } from '../base/errors.ts';
import { type EngineSettings, engineNamed } from '../builder/index.ts';
import type { EngineClient } from '../docker/engine/index.ts';

/** An engine that images are loaded into. */
export interface LoadTarget {
  readonly engine: EngineClient;
  /** It keeps its images in containerd, and so takes OCI archives of several platforms. */
  readonly importsOci: boolean;
}

/** The engines of docker contexts. One that is not there is told before anything is built. Errors: TRANSPORT, NOT_FOUND, … */
export async function openLoadTargets(
  contexts: readonly string[],
  settings: EngineSettings,
  options: { readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, LoadTarget>> {
  const open = async (context: string): Promise<[string, LoadTarget]> => {
    const engine = await engineNamed(context, settings);
    return [context, { engine, importsOci: await importsOci(engine, options) }];
  };
  return new Map(await Promise.all([...new Set(contexts)].map(open)));
}

async function importsOci(engine: EngineClient, options: { readonly signal: AbortSignal }): Promise<boolean> {
  try {
    return (await engine.info(options)).containerImageStore;
  } catch (error) {
    // A proxy may allow no more than loading.
    if (error instanceof TsbuildxError && (error.code === 'ENGINE_FAILED' || error.code === 'NOT_FOUND')) return false;
    throw error;
  }
}
