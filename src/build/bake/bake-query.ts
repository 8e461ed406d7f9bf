import { buildQuery } from '../build-query.ts';
import type { BuildOptions } from '../options.ts';

/** A builder of many pods sends everything that is built in one directory to the same pod. */
export function bakeQuery(
  { builder, docker, cwd }: Pick<BuildOptions, 'builder' | 'docker' | 'cwd'>,
  setting: Parameters<typeof buildQuery>[1],
): ReturnType<typeof buildQuery> {
  return buildQuery({ builder, docker, cwd, context: { kind: 'local', path: '.' } }, setting);
}
