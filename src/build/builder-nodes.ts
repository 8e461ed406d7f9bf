import type { BuilderNode, OpenBuilder } from '../builder/index.ts';
import { openStateDir } from '../builder/store/index.ts';
import type { SolveStatus, WorkerRecord } from '../buildkit/control/index.ts';
import type { BuildOptions } from './options.ts';
import type { PlanSetting } from './plan-build.ts';

/** The part of a build that one node builds. */
export interface BuildPart {
  readonly node: BuilderNode;
  /** As the options name them; none: the node's own. */
  readonly platforms: readonly string[];
  /** The first answer of the node. */
  readonly workers: Promise<readonly WorkerRecord[]>;
}

/** The parts of a build, in the order of its platforms; one at least. */
export interface ChosenNodes {
  readonly parts: readonly [BuildPart, ...BuildPart[]];
  /** To be called when all parts are built. */
  built(): void;
}

export type ChooseSetting = Pick<PlanSetting, 'env' | 'config' | 'signal' | 'onEvent'> & {
  readonly onStatus: (status: SolveStatus) => void;
};

/** Decides which nodes of a builder build what. Most builders have one node, and most builds leave the choice to us. */
export async function chooseNodes(
  builder: OpenBuilder,
  options: BuildOptions,
  { env, config, ...setting }: ChooseSetting,
): Promise<ChosenNodes> {
  const { platforms = [], node, nodePolicy = 'first', strictPlatform = false } = options;
  const [first, ...others] = builder.nodes;
  if (others.length === 0 && node === undefined && !strictPlatform) {
    return { parts: [{ node: first, platforms, workers: first.connect(setting) }], built: () => {} };
  }
  const [{ NodeChooser }, { sourceOf }] = await Promise.all([import('./node-chooser.ts'), import('./node-policy.ts')]);
  const choice = { platforms, node, policy: nodePolicy, strictPlatform, source: sourceOf(options) };
  const onWarning = (message: string): void => void setting.onEvent({ kind: 'warning', message });
  const chooser = new NodeChooser(builder, choice, { ...setting, onWarning, stateDir: openStateDir(config.dir, env) });
  return await chooser.choose();
}
