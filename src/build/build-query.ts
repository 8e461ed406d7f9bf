// Matches buildx commands/build.go: what a builder is told of the build that it is chosen for.
import { resolve } from 'node:path';
import type { BuilderQuery } from '../builder/index.ts';
import type { DockerConfig } from '../docker/config/index.ts';
import type { BuildOptions, ContextSource } from './options.ts';

/** The builder of a build. A builder of many pods sends builds of one context to the same pod. */
export function buildQuery(
  { builder, docker = {}, context, cwd = process.cwd() }: BuildOptions,
  setting: { readonly config: DockerConfig; readonly env: BuilderQuery['env'] },
): BuilderQuery {
  return { builder, flags: docker, ...setting, contextKey: resolve(cwd, contextArgument(context)) };
}

/** As on the command line. */
function contextArgument(context: ContextSource): string {
  if (context.kind === 'local') return context.path;
  return context.kind === 'remote' ? context.url : '-';
}
