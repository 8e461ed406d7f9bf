import type { DispatchContext } from './context.ts';
import { unwritableTime } from './image-config.ts';
import type { StageState } from './stage-state.ts';

/** Says that a history entry was made by a Dockerfile build. */
const comment = 'buildkit.dockerfile.v0';

/** Adds what an instruction did to the image's history. */
export function addHistory(
  stage: StageState,
  context: Pick<DispatchContext, 'epoch'>,
  createdBy: string,
  options: { readonly makesLayer: boolean },
): void {
  const { epoch } = context;
  const created = epoch === undefined ? undefined : formatSeconds(epoch);
  const entry = { created, createdBy, author: '', comment, emptyLayer: !options.makesLayer };
  stage.image.history.push(entry);
}

/** The first and the last second of the years 0 to 9999. */
const firstSecond = -62_167_219_200n;
const lastSecond = 253_402_300_799n;

/** Seconds since the epoch as RFC 3339 in UTC, as Go prints it; `unwritableTime` outside of the years that this can say. */
function formatSeconds(seconds: bigint): string {
  if (seconds < firstSecond || seconds > lastSecond) return unwritableTime;
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
}
