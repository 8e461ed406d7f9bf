import type { EngineClient } from '../../../docker/engine/index.ts';
import type { Address, Dialer } from '../../../transport/index.ts';
import type { Connector } from '../connector.ts';

export type ContainerAddress = Address & { readonly kind: 'docker-container' };

/** The engine of a container. Rejects with NOT_FOUND, INVALID_ARGUMENT and IO. */
export function containerEngine({ context }: ContainerAddress, connector: Connector): Promise<EngineClient> {
  return connector.engine(context === undefined ? undefined : { context });
}

/** Dials the buildkitd in a container through its own client. */
export function buildctlDialer(engine: EngineClient, container: string): Dialer {
  return engine.execDialer(container, ['buildctl', 'dial-stdio']);
}

/** Dials the buildkitd in a container that somebody else runs. Rejects like `containerEngine`. */
export async function containerDialer(address: ContainerAddress, connector: Connector): Promise<Dialer> {
  return buildctlDialer(await containerEngine(address, connector), address.container);
}
