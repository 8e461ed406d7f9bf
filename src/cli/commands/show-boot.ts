import type { SolveStatus } from '../../index.ts';
import type { BuildDisplay } from './show-progress.ts';

/** Shows how nodes are started that a command needs. Nothing is loaded or written before there is something to show. */
export function showBoot(): AsyncDisposable & { readonly onStatus: (status: SolveStatus) => void } {
  let display: Promise<BuildDisplay> | undefined;
  return {
    onStatus(status) {
      display = (display ?? open()).then(async (opened) => {
        await opened.onEvent({ kind: 'status', status });
        return opened;
      });
    },
    async [Symbol.asyncDispose]() {
      await (await display)?.done();
    },
  };
}

/** Shows how nodes are started as long as `work` goes on: what is shown has ended before its result is used. */
export async function whileBooting<T>(work: (onStatus: (status: SolveStatus) => void) => Promise<T>): Promise<T> {
  await using boot = showBoot();
  return await work(boot.onStatus);
}

async function open(): Promise<BuildDisplay> {
  const { showBuild } = await import('./show-progress.ts');
  return await showBuild('auto');
}
