import { type DockerEndpoint, hasContext } from '../docker/contexts/index.ts';
import { type BuilderChoice, chooseBuilder } from './choose.ts';
import { type Connector, createConnector } from './drivers/connector.ts';
import { type EngineSettings, findEngine } from './open-engine.ts';
import { type Instance, openStateDir } from './store/index.ts';

export interface BuilderQuery extends EngineSettings {
  /** A builder's name, a docker context, or an address; empty: the current builder. Default: BUILDX_BUILDER, else that. */
  readonly builder: string | undefined;
  /** What is built, where it matters which of many daemons builds it: the absolute path of the context. Default: nothing. */
  readonly contextKey?: string | undefined;
  /** See `ChooseInput`. */
  readonly anyContext?: boolean | undefined;
}

export interface FoundBuilder {
  readonly choice: BuilderChoice;
  /** The current engine; undefined when none was needed to find the builder. */
  readonly endpoint: DockerEndpoint | undefined;
  readonly connector: Connector;
}

/** Finds the builder as buildx does. Nothing is dialed. Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, IO. */
export async function findBuilder(query: BuilderQuery): Promise<FoundBuilder> {
  const { env, config } = query;
  const name = (query.builder ?? env['BUILDX_BUILDER']) || undefined;
  // An address needs no engine, so that none has to be found for it.
  const endpoint = name?.includes('://') ? undefined : await findEngine(query);
  const choice = await chooseBuilder({
    name,
    stateDir: openStateDir(config.dir, env),
    context: endpoint?.context ?? '',
    host: endpoint?.host ?? '',
    hasContext: (context) => hasContext(config.dir, context),
    anyContext: query.anyContext,
  });
  return { choice, endpoint, connector: createConnector(query, query.contextKey) };
}

/** A builder that is known already. */
export function foundInstance(instance: Instance, query: BuilderQuery): FoundBuilder {
  return { choice: { kind: 'instance', instance }, endpoint: undefined, connector: createConnector(query) };
}
