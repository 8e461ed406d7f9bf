import { cut } from './key-value.ts';

/** One `--ssh`: an agent's socket, or files of keys. */
export interface SshEntry {
  readonly id: string;
  readonly paths: readonly string[];
}

/** `--ssh` values, `ID[=PATH[,PATH]]`; empty ones are left out. Matches buildx util/buildflags/ssh.go. */
export function parseSsh(values: readonly string[]): SshEntry[] {
  return values
    .filter((value) => value !== '')
    .map((value) => {
      const [id, paths] = cut(value);
      return { id, paths: paths?.split(',') ?? [] };
    });
}
