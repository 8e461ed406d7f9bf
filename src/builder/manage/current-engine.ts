// Matches buildx util/dockerutil/context.go: what stands for the engine that is in use.
import { contextNames, DEFAULT_CONTEXT } from '../../docker/contexts/index.ts';
import type { BuilderQuery } from '../find-builder.ts';
import { findEngine } from '../open-engine.ts';

export interface CurrentEngine {
  /** Its docker context, `default` without one. */
  readonly context: string;
  /** What the state directory knows it by: its docker context, or its address without one. */
  readonly key: string;
}

/** Rejects with NOT_FOUND, INVALID_ARGUMENT, IO. */
export async function currentEngine(query: BuilderQuery): Promise<CurrentEngine> {
  const { context, host } = await findEngine(query);
  return { context, key: context === DEFAULT_CONTEXT ? host : context };
}

/** Whether `docker context ls` shows a context of that name. Rejects with IO. */
export async function isContext(name: string, { config }: BuilderQuery): Promise<boolean> {
  return name === DEFAULT_CONTEXT || (await contextNames(config.dir)).includes(name);
}
