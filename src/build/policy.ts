// buildx enforces a policy, NAME.rego, beside the Dockerfile NAME. We cannot evaluate it, so a build that it guards must
// not pass.
import { statSync } from 'node:fs';
import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import type { Gateway } from '../dockerfile/frontend/index.ts';

/** Throws UNSUPPORTED when the Dockerfile of this machine has a policy, IO when that cannot be told. */
export function refuseLocalPolicy(dockerfile: string): void {
  const path = `${dockerfile}.rego`;
  try {
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return;
  } catch (error) {
    throw wrap('IO', `failed to read policy file ${path}`, error);
  }
  throw refusal(path);
}

/** The gateway, where reading the Dockerfile of a remote context rejects with UNSUPPORTED when it has a policy. */
export function refusingPolicies(gateway: Gateway, dockerfile: string): Gateway {
  return {
    ...gateway,
    async readFile(ref, request, options) {
      if (request.path === dockerfile) {
        const path = `${dockerfile}.rego`;
        const isThere = await gateway.readFile(ref, { path, range: { offset: 0, length: 1 } }, options).then(
          () => true,
          (error: unknown) => {
            if (/no such file or directory|not a directory/.test(messageOf(error))) return false;
            throw error;
          },
        );
        if (isThere) throw refusal(path);
      }
      return await gateway.readFile(ref, request, options);
    },
  };
}

function refusal(path: string): TsbuildxError {
  return new TsbuildxError(
    'UNSUPPORTED',
    `the policy ${path} cannot be evaluated yet: build with docker buildx, or move the policy away`,
  );
}
