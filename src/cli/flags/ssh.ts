import type { SshSpec } from '../../index.ts';
import { cut } from './key-value.ts';

/** `--ssh` values, `ID[=PATH[,PATH]]`; empty ones are left out. Matches buildx util/buildflags/ssh.go. */
export function parseSsh(values: readonly string[]): SshSpec[] {
  return values
    .filter((value) => value !== '')
    .map((value) => {
      const [id, paths] = cut(value);
      return { id, paths: paths?.split(',') ?? [] };
    });
}
