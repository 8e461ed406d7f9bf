import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds: no file takes that long to be written, not even by a program of another container, whose number says nothing here. */
const OLD = 60_000;

/** Name of a file that is being written. */
export function temporaryName(): string {
  return `.tmp-${process.pid}-${process.hrtime.bigint()}`;
}

/** Removes what programs were writing when they were killed, as far as it can be removed. */
export function removeLeftovers(dir: string): void {
  for (const name of readdirSync(dir)) {
    const pid = /^\.tmp-(\d+)-\d+$/.exec(name)?.[1];
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(dir, name);
    const found = statSync(path, { throwIfNoEntry: false });
    if (found !== undefined && Date.now() - found.mtimeMs > OLD) rmSync(path, { force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // somebody else's
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
