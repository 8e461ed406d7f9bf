import { type GitRef, parseGitRef } from '../dockerfile/convert/index.ts';

/** What a record says of a git remote; undefined for what is none, or is wrong. */
export function gitReference(text: string): GitRef | undefined {
  try {
    return parseGitRef(text);
  } catch {
    return undefined;
  }
}
