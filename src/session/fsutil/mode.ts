// File modes as Go's os.FileMode has them: that is what goes over the wire.

export const GoMode = {
  DIR: 0x8000_0000,
  SYMLINK: 0x0800_0000,
  DEVICE: 0x0400_0000,
  NAMED_PIPE: 0x0200_0000,
  SOCKET: 0x0100_0000,
  SETUID: 0x0080_0000,
  SETGID: 0x0040_0000,
  CHAR_DEVICE: 0x0020_0000,
  STICKY: 0x0010_0000,
  IRREGULAR: 0x0008_0000,
} as const;

const TYPES =
  (GoMode.DIR |
    GoMode.SYMLINK |
    GoMode.DEVICE |
    GoMode.NAMED_PIPE |
    GoMode.SOCKET |
    GoMode.CHAR_DEVICE |
    GoMode.IRREGULAR) >>>
  0;

const S_IFMT = 0o170_000;
const typeBits: ReadonlyMap<number, number> = new Map([
  [0o140_000, GoMode.SOCKET],
  [0o120_000, GoMode.SYMLINK],
  [0o060_000, GoMode.DEVICE],
  [0o040_000, GoMode.DIR],
  [0o020_000, GoMode.DEVICE | GoMode.CHAR_DEVICE],
  [0o010_000, GoMode.NAMED_PIPE],
]);

/** The Go mode of a Unix `st_mode`. */
export function goMode(mode: number): number {
  let out = (mode & 0o777) | (typeBits.get(mode & S_IFMT) ?? 0);
  if ((mode & 0o4000) !== 0) out |= GoMode.SETUID;
  if ((mode & 0o2000) !== 0) out |= GoMode.SETGID;
  if ((mode & 0o1000) !== 0) out |= GoMode.STICKY;
  return out >>> 0;
}

/** The permission bits, setuid, setgid and sticky of a Go mode, for chmod. */
export function permissionsOf(mode: number): number {
  let out = mode & 0o777;
  if ((mode & GoMode.SETUID) !== 0) out |= 0o4000;
  if ((mode & GoMode.SETGID) !== 0) out |= 0o2000;
  if ((mode & GoMode.STICKY) !== 0) out |= 0o1000;
  return out;
}

/** True for what has content of its own: only such files can be requested. */
export function isRegular(mode: number): boolean {
  return (mode & TYPES) === 0;
}

export function isDirectory(mode: number): boolean {
  return (mode & GoMode.DIR) !== 0;
}

export function isSymlink(mode: number): boolean {
  return (mode & GoMode.SYMLINK) !== 0;
}
