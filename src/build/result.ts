import type { VertexWarning } from '../buildkit/control/index.ts';

/** What a build gave. */
export interface BuildResult {
  /** `builder/node/id`, the name of the build in the daemon's history. */
  readonly ref: string;
  /** The exporters' answer, for example `containerimage.digest`, plus `buildx.build.ref`. */
  readonly exporterResponse: Readonly<Record<string, string>>;
  /** Warnings of the Dockerfile, as the status stream told them. */
  readonly warnings: readonly VertexWarning[];
}
