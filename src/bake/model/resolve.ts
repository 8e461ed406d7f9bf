// Matches ReadTargets of buildx bake/bake.go: which targets are built, each complete.
import { TsbuildxError } from '../../base/errors.ts';
import { compareUtf8 } from '../../base/go-json.ts';
import { applyOverrides, type Grants } from './apply-overrides.ts';
import { findGroup, findTarget, matchNames, resolveGroup, sanitizedName } from './definition.ts';
import { mergeTargets, normalizeTarget } from './merge.ts';
import type { Override, Overrides } from './overrides.ts';
import { type Definition, type Group, newTarget, type Target } from './target.ts';

/** What is built. */
export interface ResolvedTargets {
  readonly targets: ReadonlyMap<string, Target>;
  /** `default`, with what was asked for, and the groups that were used on the way. */
  readonly groups: ReadonlyMap<string, Group>;
  /** What the overrides allow by naming it. */
  readonly grants: Grants;
}

/** Errors: NOT_FOUND, INVALID_ARGUMENT. */
export function resolveTargets(
  definition: Definition,
  names: readonly string[],
  overrides: Overrides,
): ResolvedTargets {
  const resolver = new TargetResolver(definition, overrides);
  const wanted = [...new Set(names.flatMap((name) => matchNames(definition, sanitizedName(name))))];
  const targets = new Map<string, Target>();
  const groups = new Map<string, Group>();
  for (const name of wanted) {
    const members = resolveGroup(definition, name);
    for (const member of members.targets) targets.set(member, resolver.resolve(member));
    for (const used of members.groups) {
      const group = findGroup(definition, used);
      if (group !== undefined) groups.set(used, group);
    }
  }
  addDefaultGroup(groups, wanted);
  for (const name of Array.from(targets.keys())) resolver.link(name, targets, []);
  return { targets, groups, grants: resolver.grants };
}

/** `default` holds what was asked for. */
function addDefaultGroup(groups: Map<string, Group>, wanted: readonly string[]): void {
  const defined = groups.get('default');
  const added = wanted.filter((name) => name !== 'default' || (defined === undefined && !hadOthers(wanted)));
  const members = [...(defined?.targets ?? []), ...added];
  groups.set('default', {
    name: 'default',
    description: defined?.description ?? '',
    targets: members.length === 0 ? defined?.targets : [...new Set(members)].sort(compareUtf8),
  });
}

function hadOthers(wanted: readonly string[]): boolean {
  return wanted[0] !== 'default';
}

class TargetResolver {
  readonly grants: Grants = { read: [], write: [], networkHost: false, securityInsecure: false };
  readonly #definition: Definition;
  readonly #overrides: Overrides;

  constructor(definition: Definition, overrides: Overrides) {
    this.#definition = definition;
    this.#overrides = overrides;
  }

  /** A target with what it inherits and what the command line says. */
  resolve(name: string): Target {
    const target = this.#inherit(name, new Map()) ?? newTarget(name);
    const { bases } = target;
    const context = target.context ?? (bases.usesDefault ? bases.default || '.' : '.');
    return { ...target, name, inherits: undefined, context, dockerfile: target.dockerfile || 'Dockerfile' };
  }

  /** Undefined: it is being resolved already, and inherits itself. */
  #inherit(name: string, visited: Map<string, Target | undefined>): Target | undefined {
    if (visited.has(name)) return visited.get(name);
    visited.set(name, undefined);
    const own = findTarget(this.#definition, name);
    let merged = newTarget(name);
    for (const parent of own.inherits ?? []) {
      const inherited = this.#inherit(parent, visited);
      if (inherited !== undefined) merged = mergeTargets(merged, inherited);
    }
    merged = mergeTargets(merged, own);
    const overrides: readonly Override[] = this.#overrides.get(name) ?? [];
    const resolved = normalizeTarget(applyOverrides(merged, overrides, this.grants));
    visited.set(name, resolved);
    return resolved;
  }

  /** Adds the targets that others have as named contexts; what these may do, the others may too. */
  link(name: string, targets: Map<string, Target>, way: readonly string[]): void {
    const visited = [...way, name];
    for (const source of targets.get(name)?.contexts?.values() ?? []) {
      if (!source.startsWith('target:')) continue;
      const linked = source.slice('target:'.length);
      if (linked === name) throw invalid(`target ${linked} cannot link to itself`);
      if (visited.includes(linked)) throw invalid(`infinite loop from ${name} to ${linked}`);
      if (!targets.has(linked)) {
        const outputs = [{ type: 'cacheonly', dest: undefined, attrs: {} }];
        targets.set(linked, { ...this.resolve(linked), outputs, linked: true });
      }
      this.link(linked, targets, visited);
      this.#join(name, linked, targets);
    }
  }

  #join(name: string, linked: string, targets: Map<string, Target>): void {
    const [target, other] = [targets.get(name), targets.get(linked)];
    if (target === undefined || other === undefined) return;
    const [own = [], available = []] = [target.platforms, other.platforms];
    if (own.length > 1 && available.length > 1 && !own.every((platform) => available.includes(platform))) {
      const shown = (list: readonly string[]): string => `[${list.join(' ')}]`;
      const why = `its platforms ${shown(own)} are not a subset of ${shown(available)}`;
      throw invalid(`target ${linked} can't be used by ${name} because ${why}`);
    }
    const entitlements = [...new Set([...(target.entitlements ?? []), ...(other.entitlements ?? [])])];
    if (entitlements.length > 0) targets.set(name, { ...target, entitlements });
  }
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
