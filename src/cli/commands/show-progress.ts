import type { BuildEvent } from '../../index.ts';
import type { Progress, ProgressMode } from '../../progress/index.ts';

/** Shows a build on stderr, from its events. */
export interface BuildDisplay extends AsyncDisposable {
  readonly onEvent: (event: BuildEvent) => void;
  /** Shows the rest, then gives the warnings, each once. */
  done(): ReturnType<Progress['done']>;
}

export async function showBuild(mode: ProgressMode): Promise<BuildDisplay> {
  const { chooseProgressMode, createProgress } = await import('../../progress/index.ts');
  const shown = chooseProgressMode(mode, { output: process.stderr, env: process.env });
  let progress: Progress | undefined;
  const start = (builder?: { readonly name: string; readonly driver: string }): Progress =>
    createProgress(shown, { output: process.stderr, builder, debug: Boolean(process.env['DEBUG']), env: process.env });

  function onEvent(event: BuildEvent): void {
    switch (event.kind) {
      case 'builder':
        progress ??= start(event);
        return;
      case 'status':
        progress ??= start();
        void progress.write(event.status);
        return;
      case 'warning':
        progress ??= start();
        progress.message(`WARNING: ${event.message}`);
        return;
    }
  }

  const done = async (): ReturnType<Progress['done']> => (await progress?.done()) ?? [];
  return { onEvent, done, [Symbol.asyncDispose]: async () => void (await done()) };
}
