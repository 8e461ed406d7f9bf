// A daemon pulls an uploaded context once. A frontend that is not ours may write its own step for it, which would pull it
// again and get nothing; so it is given the step that has it.
import { type BuildContext, findBuildContext, type Gateway, marshalAlone } from '../dockerfile/frontend/index.ts';
import type { Definition } from '../llb/index.ts';
import { isUploadUrl } from '../session/index.ts';

export interface FrontendInputs {
  readonly frontendOpts: Readonly<Record<string, string>>;
  readonly frontendInputs: ReadonlyMap<string, Definition>;
}

/** What another frontend is called with: an uploaded context as LLB, all else as it is. */
export function withUploadAsInput(gateway: Gateway, context: BuildContext, given: FrontendInputs): FrontendInputs {
  const { context: address, ...frontendOpts } = given.frontendOpts;
  if (address === undefined || !isUploadUrl(address) || context.remote === undefined) return given;
  const frontendInputs = new Map([...given.frontendInputs, ['context', marshalAlone(gateway, context.remote)]]);
  if (context.dockerfile !== undefined) frontendInputs.set('dockerfile', marshalAlone(gateway, context.dockerfile));
  return { frontendOpts, frontendInputs };
}

/** The gateway, where other frontends get an uploaded context as LLB. */
export function givingUploads(gateway: Gateway): Gateway {
  return {
    ...gateway,
    async solve(request, options) {
      const { context: address } = gateway.buildOpts.opts;
      if (!('frontend' in request) || address === undefined || !isUploadUrl(address)) {
        return await gateway.solve(request, options);
      }
      const context = await findBuildContext(gateway, options);
      return await gateway.solve({ ...request, ...withUploadAsInput(gateway, context, request) }, options);
    },
  };
}
