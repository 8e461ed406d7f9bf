// Matches buildx builder/builder.go GetBuilders: instances by name, then docker contexts that no instance is named like.
import { contextNames, DEFAULT_CONTEXT } from '../../docker/contexts/index.ts';
import type { BuilderChoice } from '../choose.ts';
import { type BuilderQuery, findBuilder } from '../find-builder.ts';
import { listInstances, openStateDir } from '../store/index.ts';
import { inspectFound, type InspectSetting } from './inspect.ts';
import type { ListedBuilder } from './state.ts';

/** @param query names the current builder. Rejects with NOT_FOUND, INVALID_ARGUMENT and IO of files that cannot be read. */
export async function listFound(query: BuilderQuery, setting: InspectSetting): Promise<readonly ListedBuilder[]> {
  const { choice: current, ...found } = await findBuilder(query);
  const builders = await Promise.all(
    (await allChoices(query)).map(async (choice) => await inspectFound({ choice, ...found }, query, setting)),
  );
  const name = nameOf(current);
  return builders.map((builder) => ({ ...builder, current: builder.name === name }));
}

/** Names of all builders, in the order of the list. Nothing is dialed. */
export async function listNames(query: BuilderQuery): Promise<readonly string[]> {
  return (await allChoices(query)).map(nameOf);
}

async function allChoices({ config, env }: BuilderQuery): Promise<readonly BuilderChoice[]> {
  const instances = listInstances(openStateDir(config.dir, env));
  const taken = new Set(instances.map(({ name }) => name));
  const contexts = [DEFAULT_CONTEXT, ...(await contextNames(config.dir))].filter((name) => !taken.has(name));
  return [
    ...instances.map((instance) => ({ kind: 'instance', instance }) as const),
    ...contexts.toSorted().map((name) => ({ kind: 'engine', name }) as const),
  ];
}

function nameOf(choice: BuilderChoice): string {
  if (choice.kind === 'instance') return choice.instance.name;
  return choice.kind === 'engine' ? choice.name : '';
}
