import { TsbuildxError } from '../../base/errors.ts';
import type { ProgressMode } from '../../progress/index.ts';

const modes: readonly ProgressMode[] = ['auto', 'plain', 'tty', 'rawjson', 'quiet', 'none', 'grouped'];

/** `--progress` with `--quiet` and `$BUILDKIT_PROGRESS`. Matches buildx toDisplayMode. Throws INVALID_ARGUMENT. */
export function parseProgressMode(text: string, quiet: boolean, env: string | undefined): ProgressMode {
  if (quiet) {
    if (text !== 'auto' && text !== 'quiet' && text !== 'none') {
      throw new TsbuildxError('INVALID_ARGUMENT', `progress=${text} and quiet cannot be used together`);
    }
    return 'quiet';
  }
  const fromEnv = text === 'auto' && env !== undefined && env !== '';
  const wanted = fromEnv ? env : text || 'auto';
  const mode = modes.find((known) => known === wanted);
  if (mode === undefined) throw new TsbuildxError('INVALID_ARGUMENT', `invalid progress mode ${wanted}`);
  // the variable chooses a display only: it does not ask for the id
  return fromEnv && mode === 'quiet' ? 'none' : mode;
}
