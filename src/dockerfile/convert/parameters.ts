import type { LineSpan } from '../syntax/index.ts';

/** An ARG as it is declared, with the value that it comes to. */
export interface DeclaredArg {
  readonly name: string;
  /** The text after its name in the comment above. */
  readonly description: string;
  /** Undefined: it has none. */
  readonly value: string | undefined;
  readonly lines: LineSpan;
  /** Names of the ARGs that its value is made of. */
  readonly uses: ReadonlySet<string>;
}

/** A secret or SSH socket that a RUN mounts. */
export interface MountedId {
  readonly required: boolean;
  readonly lines: LineSpan;
}

/** What the caller of a build can give to one stage; noted while the stage is converted. */
export class StageParameters {
  /** The ARGs that it declares with a meaning of their own: not those that only fetch one from before the first FROM. */
  readonly args: Map<string, DeclaredArg> = new Map();
  /** Names of all ARGs that its FROM line or an ARG of it uses. */
  readonly used: Set<string> = new Set();
  readonly secrets: Map<string, MountedId> = new Map();
  readonly ssh: Map<string, MountedId> = new Map();
}

/** Notes a mount; of several with one id the first counts. */
export function noteMount(mounts: Map<string, MountedId>, id: string, use: MountedId): void {
  if (!mounts.has(id)) mounts.set(id, use);
}
