/** Who owns what is written. */
export interface Owner {
  readonly uid: number;
  readonly gid: number;
}

/** The user of this process; undefined where files have no such owners. */
export function processOwner(): Owner | undefined {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  return uid === undefined || gid === undefined ? undefined : { uid, gid };
}
