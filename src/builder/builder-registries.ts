import type { RegistryConfigs } from '../registry/images/index.ts';
import { type BuilderQuery, findBuilder } from './find-builder.ts';
import { planNodes } from './plan-nodes.ts';
import type { InstanceNode } from './store/index.ts';

/**
 * How a builder's daemons reach registries, as far as the builder was told when it was made. Nothing is dialed.
 * Throws NOT_FOUND (no such builder, context), INVALID_ARGUMENT, IO.
 */
export async function builderRegistries(query: BuilderQuery): Promise<RegistryConfigs> {
  const found = await findBuilder(query);
  return await registriesOf(planNodes(found, query).nodes[0]?.configured);
}

export async function registriesOf(configured: InstanceNode | undefined): Promise<RegistryConfigs> {
  if (configured?.files['buildkitd.toml'] === undefined) return new Map();
  const { registryConfigs } = await import('./registry-configs.ts');
  return await registryConfigs(configured.files);
}
