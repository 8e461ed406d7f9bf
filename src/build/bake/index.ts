export { type BakeGraphFormat, groupJson, targetJson } from '../../bake/index.ts';
export {
  bake,
  type BakeContext,
  type BakeDefinition,
  type BakeOptions,
  listBake,
} from './bake.ts';
export { announceBuilder, buildTargets, type TargetsContext } from './build-targets.ts';
export type { TargetBuilds } from './target-links.ts';
export { callTargets, targetsNeeded } from './call-targets.ts';
export { missingPrivileges } from './needs.ts';
