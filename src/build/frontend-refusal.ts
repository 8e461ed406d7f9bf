// Matches wrapBuildError of buildx commands/build.go: what to do when the daemon's frontend is too old.
import { findCause, TsbuildxError } from '../base/errors.ts';
import { GRPC_STATUS, isRpcError, type RpcError } from '../buildkit/rpc/index.ts';

const refusals: readonly (readonly [capability: string, message: string])[] = [
  [
    'moby.buildkit.frontend.contexts',
    'current frontend does not support --build-context. Named contexts are supported since Dockerfile v1.4. ' +
      'Use #syntax directive in Dockerfile or update to latest BuildKit.',
  ],
  [
    'moby.buildkit.frontend.gitquerystring',
    'current frontend does not support Git URLs with query string components. Git URLs with query string are supported ' +
      'since Dockerfile v1.18 and BuildKit v0.24. Use BUILDKIT_SYNTAX build-arg, #syntax directive in Dockerfile or ' +
      'update to latest BuildKit.',
  ],
];

/** The refusal of a frontend that lacks a capability, with advice; any other error as it is. */
export function withAdvice(error: unknown): unknown {
  const isRefusal = (e: Error): e is RpcError => isRpcError(e) && e.status === GRPC_STATUS.unimplemented;
  const refusal = findCause(error, isRefusal);
  const [, message] =
    refusals.find(([capability]) => refusal?.message.includes(`unsupported frontend capability ${capability}`)) ?? [];
  return message === undefined ? error : new TsbuildxError('UNSUPPORTED', message, { cause: error });
}
