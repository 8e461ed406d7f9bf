import { TsbuildxError } from '../base/errors.ts';
import type { VertexWarning } from '../buildkit/control/index.ts';
import type { BuildOpts, Gateway, GatewayWarning } from '../dockerfile/frontend/index.ts';
import { sourceInfo } from './gateway.ts';

export interface OfflineGateway {
  readonly gateway: Gateway;
  /** Whether anything was asked that only a daemon knows: what came out is of no use then. */
  readonly isShort: () => boolean;
}

/** A gateway without a daemon: enough for what depends on local files alone. */
export function offlineGateway(
  buildOpts: BuildOpts,
  { onWarning }: { readonly onWarning: (warning: VertexWarning) => void },
): OfflineGateway {
  let short = false;
  const refuse = async (): Promise<never> => {
    short = true;
    throw new TsbuildxError('UNSUPPORTED', 'this needs a BuildKit daemon');
  };
  return {
    gateway: {
      buildOpts,
      resolveSourceMeta: refuse,
      solve: refuse,
      readFile: refuse,
      inputs: refuse,
      warn: async (warning) => onWarning(vertexWarning(warning)),
    },
    isShort: () => short,
  };
}

function vertexWarning({ digest, level, short, detail, url, source, ranges }: GatewayWarning): VertexWarning {
  const bytes = (text: string): Uint8Array => Buffer.from(text);
  return {
    vertex: digest,
    level,
    short: bytes(short),
    detail: detail.map(bytes),
    url,
    sourceInfo: sourceInfo(source),
    range: ranges,
  };
}
