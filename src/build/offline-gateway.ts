import { TsbuildxError } from '../base/errors.ts';
import type { VertexWarning } from '../buildkit/control/index.ts';
import type { BuildOpts, Gateway, GatewayWarning } from '../dockerfile/frontend/index.ts';
import type { Definition } from '../llb/index.ts';
import { sourceInfo } from './gateway.ts';

export interface OfflineGateway {
  readonly gateway: Gateway;
  /** Whether anything was asked that only a daemon knows: what came out is of no use then. */
  readonly isShort: () => boolean;
}

interface OfflineDeps {
  readonly onWarning: (warning: VertexWarning) => void;
  /** Contexts that are given as LLB. Default: none. */
  readonly inputs?: ReadonlyMap<string, Definition> | undefined;
}

/** A gateway without a daemon: enough for what depends on local files alone. */
export function offlineGateway(buildOpts: BuildOpts, { onWarning, inputs }: OfflineDeps): OfflineGateway {
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
      inputs: async () => inputs ?? (await refuse()),
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
