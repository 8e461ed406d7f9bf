import { messageOf } from '../base/errors.ts';
import type { BuildEvent } from './events.ts';
import { gitAttributes, type WorkTrees } from './git-attributes.ts';
import type { BuildInputs } from './inputs.ts';
import type { BuildOptions } from './options.ts';

/** What git says of the context; a failure is a warning, not the end of the build. */
export async function vcsAttributes(
  options: BuildOptions,
  inputs: BuildInputs,
  onEvent: (event: BuildEvent) => void,
  signal: AbortSignal,
  workTrees?: WorkTrees,
): Promise<ReadonlyMap<string, string>> {
  if (inputs.contextDir === undefined || options.context.kind !== 'local') return new Map();
  try {
    return await gitAttributes(
      {
        contextDir: inputs.contextDir,
        dockerfile: options.dockerfile?.kind === 'path' ? options.dockerfile.path : undefined,
        cwd: options.cwd ?? process.cwd(),
        localDirs: inputs.localDirs,
        env: options.env ?? process.env,
        workTrees,
      },
      { signal },
    );
  } catch (error) {
    onEvent({
      kind: 'warning',
      message: `current commit information was not captured by the build: ${messageOf(error)}`,
    });
    return new Map();
  }
}
