// Matches buildx store/store.go Txn: changes of builders, one program at a time.
import { lchownSync, lstatSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TsbuildxError, wrap } from '../../base/errors.ts';
import { type FileLock, lockFile } from '../../files/index.ts';
import { activityPath, noteActivity } from './activity.ts';
import { validName } from './builder-name.ts';
import { type CurrentChoice, defaultFile, formatCurrent } from './current.ts';
import { formatInstance, type InstanceDocument } from './instance-document.ts';
import { forgetBuilder } from './local-state.ts';
import { makeStateFolder, type StateDir, writeStateFile } from './state-dir.ts';

/** The state directory while nobody else changes it: until this is disposed, buildx and we wait for it. */
export interface LockedState extends StateDir, AsyncDisposable {
  readonly lock: FileLock;
}

/** Makes the directory when there is none. Rejects with IO, CANCELED. */
export async function lockState(dir: StateDir, options: { readonly signal: AbortSignal }): Promise<LockedState> {
  try {
    for (const name of ['instances', 'defaults', 'activity']) {
      makeStateFolder(dir, name);
      giveToOwner(dir, name);
    }
    const lock = await lockFile(join(dir.path, '.lock'), options);
    giveToOwner(dir, '.lock');
    return { ...dir, lock, [Symbol.asyncDispose]: async () => await lock[Symbol.asyncDispose]() };
  } catch (error) {
    if (error instanceof TsbuildxError && error.code === 'CANCELED') throw error;
    throw wrap('IO', 'failed to open the state of builders', error);
  }
}

/** Writes a builder, new or changed. Throws INVALID_ARGUMENT (its name), IO. */
export function saveInstance(state: LockedState, instance: InstanceDocument, now: Date): void {
  const name = validName(instance.name);
  attempt(`failed to write builder ${name}`, () => {
    noteActivity(state, instance.name, now);
    writeStateFile(state, join('instances', name), formatInstance(instance), { mode: 0o600, flush: true });
  });
}

/** Removes a builder and what is remembered of its builds. Throws INVALID_ARGUMENT (its name), IO. */
export function removeInstance(state: LockedState, builder: string): void {
  const name = validName(builder);
  attempt(`failed to remove builder ${name}`, () => {
    for (const written of [builder, name]) rmSync(activityPath(state, written), { recursive: true, force: true });
    forgetBuilder(state, name);
    rmSync(join(state.path, 'instances', name), { recursive: true, force: true });
  });
}

/** Chooses a builder for an engine. @param asDefault also when that engine is come back to. Throws IO. */
export function saveCurrent(state: LockedState, choice: CurrentChoice, asDefault: boolean): void {
  attempt('failed to write the current builder', () => {
    writeStateFile(state, 'current', formatCurrent(choice), { mode: 0o600, flush: true });
    const file = defaultFile(choice.key);
    if (asDefault) writeStateFile(state, file, choice.name, { mode: 0o600, flush: true });
    else rmSync(join(state.path, file), { force: true });
  });
}

/** What root made before now, or makes without us, shall be the user's. */
function giveToOwner({ path, owner }: StateDir, name: string): void {
  if (owner === undefined) return;
  const file = join(path, name);
  // a link that the user put there is no reason to give away what it leads to
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found !== undefined && (found.uid !== owner.uid || found.gid !== owner.gid))
    lchownSync(file, owner.uid, owner.gid);
}

function attempt(what: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw wrap('IO', what, error);
  }
}
