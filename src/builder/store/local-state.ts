import { join } from 'node:path';
import { wrap } from '../../base/errors.ts';
import { type StateDir, writeStateFile } from './state-dir.ts';

/** What is remembered of one build under `refs/<builder>/<node>/<ref>`, in buildx's format. */
export interface LocalState {
  /** Target name; `default` outside bake. */
  readonly Target: string;
  /** Absolute path of the context, or its URL. */
  readonly LocalPath: string;
  /** Absolute path of the Dockerfile, or as given for a remote context. */
  readonly DockerfilePath: string;
}

export function saveLocalState(
  dir: StateDir,
  ref: { readonly builder: string; readonly node: string; readonly id: string },
  state: LocalState,
): void {
  try {
    writeStateFile(dir, join('refs', ref.builder, ref.node, ref.id), JSON.stringify(state), 0o644);
  } catch (error) {
    throw wrap('IO', 'failed to save the local state of the build', error);
  }
}
