// Matches dockerfile2llb/outline.go: what a build of one target can be given.
import type { DeclaredArg, MountedId } from './parameters.ts';
import type { StageState } from './stage-state.ts';

/** A secret or an SSH socket, by its id. */
export interface NamedMount extends MountedId {
  readonly name: string;
}

/** Parameters of one target, each list in the order of the lines. */
export interface Outline {
  /** Empty when the stage has none. */
  readonly name: string;
  readonly description: string;
  readonly args: readonly DeclaredArg[];
  readonly secrets: readonly NamedMount[];
  readonly ssh: readonly NamedMount[];
}

/** @param globalArgs the ARGs before the first FROM. */
export function outlineOf(target: StageState, globalArgs: ReadonlyMap<string, DeclaredArg>): Outline {
  const args = new Map<string, DeclaredArg>();
  const secrets = new Map<string, NamedMount>();
  const ssh = new Map<string, NamedMount>();
  // A stage comes before what it is built on, so that its own declaration of a name is the one that is told.
  for (const { parameters } of inOrder(target)) {
    const declared = new Map([...globalArgs, ...parameters.args]);
    for (const name of usedNames(parameters.used, declared)) addOnce(args, name, declared.get(name));
    for (const [name, use] of parameters.secrets) addOnce(secrets, name, { name, ...use });
    for (const [name, use] of parameters.ssh) addOnce(ssh, name, { name, ...use });
  }
  return {
    name: target.stage?.from.stageName ?? '',
    description: target.stage?.from.docComment ?? '',
    args: byLine(args),
    secrets: byLine(secrets),
    ssh: byLine(ssh),
  };
}

function inOrder(target: StageState): Set<StageState> {
  const found = new Set<StageState>();
  const visit = (stage: StageState): void => {
    if (found.has(stage)) return;
    found.add(stage);
    if (stage.base !== undefined) visit(stage.base);
    for (const dependency of stage.deps.keys()) visit(dependency);
  };
  visit(target);
  return found;
}

/** The names, and those that their values are made of. */
function usedNames(names: ReadonlySet<string>, declared: ReadonlyMap<string, DeclaredArg>): Set<string> {
  const found = new Set(names);
  for (const name of found) for (const other of declared.get(name)?.uses ?? []) found.add(other);
  return found;
}

function addOnce<T>(all: Map<string, T>, name: string, entry: T | undefined): void {
  if (entry !== undefined && !all.has(name)) all.set(name, entry);
}

function byLine<T extends Pick<DeclaredArg, 'lines'>>(all: ReadonlyMap<string, T>): T[] {
  return [...all.values()].sort((a, b) => a.lines.start - b.lines.start);
}
