/** One file, directory or link of a tree, as it goes over the wire. */
export interface Stat {
  /** Relative to the root, with `/`. */
  readonly path: string;
  /** Go's os.FileMode. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; of a symbolic link, the length of its target. */
  readonly size: number;
  /** Nanoseconds since the epoch. */
  readonly modTime: bigint;
  /** Target of a symbolic link, or path of the file of which this is a hard link. */
  readonly linkname: string;
  readonly devMajor: number;
  readonly devMinor: number;
}
