// Matches buildx commands/stop.go: node after node, the first daemon that does not stop ends it.
import { TsbuildxError } from '../../base/errors.ts';
import { type BuilderQuery, findBuilder } from '../find-builder.ts';
import { planNodes } from '../plan-nodes.ts';

/** Rejects with NOT_FOUND, INVALID_ARGUMENT, ENGINE_FAILED, TRANSPORT, IO, CANCELED. */
export async function stopFound(query: BuilderQuery, options: { readonly signal: AbortSignal }): Promise<void> {
  const found = await findBuilder(query);
  if (found.choice.kind === 'address') {
    throw new TsbuildxError('INVALID_ARGUMENT', `${found.choice.text} is an address of a daemon, which others run`);
  }
  let unopened: unknown;
  for (const node of planNodes(found, query).nodes) {
    const opened = await node.open().catch((error: unknown) => {
      unopened = error;
      return undefined;
    });
    await using driver = opened;
    // an engine has nothing that we could stop: whether it is there is all that there is to tell
    if (found.choice.kind === 'engine') await driver?.status(options);
    await driver?.stop(options);
  }
  if (unopened !== undefined) throw unopened;
}
