import type { Definition } from './definition.ts';
import type { State } from './state.ts';

/** A place in a text, counted as the wire does: lines from 1, characters from 0. */
export interface SourcePosition {
  readonly line: number;
  readonly character: number;
}

/** A stretch of a source file. */
export interface SourceRange {
  readonly start: SourcePosition;
  readonly end: SourcePosition;
}

/** The file that ops were made from; compared by identity while one definition is marshalled. */
export interface SourceMap {
  readonly filename: string;
  /** Name of the language as GitHub's linguist has it, for example `Dockerfile`. */
  readonly language: string;
  readonly data: Uint8Array;
  /** How the daemon itself would get the file. */
  readonly definition?: Definition | undefined;
  /** The same as a state, when it is not marshalled yet. */
  readonly state?: State | undefined;
}

/** Where an op comes from. */
export interface SourceLocation {
  readonly source: SourceMap;
  readonly ranges: readonly SourceRange[];
}
