// buildx enforces a policy, NAME.rego, beside the Dockerfile NAME. We cannot evaluate it, so a build that it guards must
// not pass.
import { statSync } from 'node:fs';
import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import { type BuildContext, type Gateway, type GatewayRef, solveAlone } from '../dockerfile/frontend/index.ts';
import { policyRefusal } from './policy-config.ts';

/** Throws UNSUPPORTED when the Dockerfile of this machine has a policy, IO when that cannot be told. */
export function refuseLocalPolicy(dockerfile: string): void {
  const path = `${dockerfile}.rego`;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
  } catch (error) {
    throw wrap('IO', `failed to read policy file ${path}`, error);
  }
  throw policyRefusal(path);
}

/** The gateway, where reading the Dockerfile of a remote context rejects with UNSUPPORTED when it has a policy. */
export function refusingPolicies(gateway: Gateway, dockerfile: string): Gateway {
  return {
    ...gateway,
    async readFile(ref, request, options) {
      if (request.path === dockerfile) {
        await refusePolicyIn(gateway, ref, dockerfile, options);
      }
      return await gateway.readFile(ref, request, options);
    },
  };
}

/** Rejects with UNSUPPORTED when the Dockerfile of a remote context has a policy: for frontends that read it themselves. */
export async function refuseRemotePolicy(
  gateway: Gateway,
  { dockerfile, filename }: BuildContext,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  if (dockerfile === undefined) return;
  const ref = await solveAlone(gateway, dockerfile, 'failed to resolve dockerfile', options.signal);
  if (ref === undefined) return;
  try {
    await refusePolicyIn(gateway, ref, filename, options);
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'RPC_FAILED', 'failed to read dockerfile', error);
  }
}

async function refusePolicyIn(
  gateway: Gateway,
  ref: GatewayRef,
  dockerfile: string,
  options: { readonly signal: AbortSignal },
): Promise<void> {
  const path = `${dockerfile}.rego`;
  const isThere = await gateway.readFile(ref, { path, range: { offset: 0, length: 1 } }, options).then(
    () => true,
    (error: unknown) => {
      if (/no such file or directory|not a directory/.test(messageOf(error))) return false;
      throw error;
    },
  );
  if (isThere) throw policyRefusal(path);
}
