// Matches Config of buildx bake/bake.go: names to groups and targets.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { matchFileName } from '../../patterns/index.ts';
import { mergeTargets } from './merge.ts';
import { nearName } from './near-name.ts';
import type { Definition, Group, Target } from './target.ts';

/** One target of each name: what stands later changes what stands earlier. Groups of one name stay apart, the first counts. */
export function mergeSame({ groups, targets }: Definition): Definition {
  const byName = new Map<string, Target>();
  for (const target of targets) {
    const before = byName.get(target.name);
    byName.set(target.name, before === undefined ? target : mergeTargets(before, target));
  }
  return {
    groups: groups.map((group) => ({ ...group, targets: group.targets && [...new Set(group.targets)] })),
    targets: [...byName.values()],
  };
}

/** A service may have a dot in its name, a target may not. */
export function sanitizedName(name: string): string {
  return name.replaceAll('.', '_');
}

const targetName = /^[a-zA-Z0-9_-]+$/;

/** Throws INVALID_ARGUMENT with what is allowed. */
export function checkTargetName(name: string): void {
  if (targetName.test(name)) return;
  throw new TsbuildxError('INVALID_ARGUMENT', 'only "[a-zA-Z0-9_-]+" are allowed');
}

/** The groups and targets that a name of the command line stands for. Throws NOT_FOUND. */
export function matchNames({ groups, targets }: Definition, pattern: string): string[] {
  if (!/[*?[\]]/.test(pattern)) return [pattern];
  const names = [...groups, ...targets].map(({ name }) => name).filter((name) => matchFileName(pattern, name));
  if (names.length > 0) return names;
  throw new TsbuildxError('NOT_FOUND', `could not find any target matching ${goQuote(pattern)}`);
}

/** The targets that the pattern of an override names. Throws NOT_FOUND, INVALID_ARGUMENT. */
export function matchTargets({ targets }: Definition, pattern: string): string[] {
  const names = targets.map(({ name }) => name);
  if (names.includes(pattern)) return [pattern];
  const found = names.filter((name) => {
    const isMatch = matchFileName(pattern, name);
    if (isMatch !== undefined) return isMatch;
    throw new TsbuildxError('INVALID_ARGUMENT', `could not match targets with '${pattern}': syntax error in pattern`);
  });
  if (found.length > 0) return found;
  const hint = nearName(pattern, names);
  throw new TsbuildxError('NOT_FOUND', `could not find any target matching '${pattern}'${hint}`);
}

interface Members {
  readonly targets: readonly string[];
  readonly groups: readonly string[];
}

/** The targets of a group and of the groups in it, and these groups; a name that is no group stands for itself. */
export function resolveGroup({ groups }: Definition, name: string): Members {
  const visited = new Map<string, Members>();
  const resolve = (current: string): Members => {
    const known = visited.get(current);
    if (known !== undefined) return known;
    const group = groups.find((candidate) => candidate.name === current);
    if (group === undefined) return { targets: [current], groups: [] };
    // a group that holds itself is cut here
    visited.set(current, { targets: [], groups: [] });
    const members = (group.targets ?? []).map((member) => ({ member, resolved: resolve(member) }));
    const result = {
      targets: members.flatMap(({ member, resolved }) => (resolved.targets.length > 0 ? resolved.targets : [member])),
      groups: [current, ...members.flatMap(({ resolved }) => resolved.groups)],
    };
    visited.set(current, result);
    return result;
  };
  const { targets, groups: used } = resolve(name);
  return { targets: [...new Set(targets)], groups: [...new Set(used)] };
}

export function findGroup({ groups }: Definition, name: string): Group | undefined {
  return groups.find((group) => group.name === name);
}

/** Throws NOT_FOUND. */
export function findTarget({ targets, groups }: Definition, name: string): Target {
  const found = targets.find((target) => target.name === name);
  if (found !== undefined) return found;
  const names = [...targets, ...groups].map((known) => known.name);
  const hint = nearName(name, names);
  throw new TsbuildxError('NOT_FOUND', `failed to find target ${name}${hint}`);
}
