import type { ExportTarget } from '../session/index.ts';
import type { ClientSteps } from '../buildkit/control/index.ts';
import type { Exporter } from './exporters.ts';
import { isLayout } from './layout-outputs.ts';
import type { LoadTarget } from './load-targets.ts';
import { deletes } from './local-delete.ts';

/**
 * Where the data of exporters goes, by their position; layouts go by another way.
 * @param engines that images are loaded into, by docker context; `steps` show how.
 */
export function exportTargets(
  exporters: readonly Exporter[],
  engines: ReadonlyMap<string, LoadTarget>,
  steps: ClientSteps,
): Map<number, ExportTarget> {
  const targets = new Map<number, ExportTarget>();
  for (const [index, exporter] of exporters.entries()) {
    if (isLayout(exporter)) continue;
    const { dest, loadsInto } = exporter;
    const engine = loadsInto === undefined ? undefined : engines.get(loadsInto)?.engine;
    if (dest?.kind === 'directory') targets.set(index, { ...dest, deletes: deletes(exporter) });
    else if (dest !== undefined) targets.set(index, dest);
    else if (engine !== undefined) {
      targets.set(index, {
        kind: 'sink',
        async open(options) {
          const { ImageLoader } = await import('./load-image.ts');
          return new ImageLoader(engine, steps, options);
        },
      });
    }
  }
  return targets;
}
