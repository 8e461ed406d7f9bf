// Matches buildx localstate/localstate.go: what is remembered of builds, and which of them one command started.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { wrap } from '../../base/errors.ts';
import { goJson } from '../../base/go-json.ts';
import { listField } from '../../base/go-json-fields.ts';
import { isJsonObject, textList, textMember } from '../../base/json-object.ts';
import { parseJson } from './instance-document.ts';
import { readIfThere, type StateDir, writeStateFile } from './state-dir.ts';

/** What is remembered of one build under `refs/<builder>/<node>/<ref>`, in buildx's format. */
export interface LocalState {
  /** Target name; `default` outside bake. */
  readonly Target: string;
  /** Absolute path of the context, or its URL. */
  readonly LocalPath: string;
  /** Absolute path of the Dockerfile, or as given for a remote context. */
  readonly DockerfilePath: string;
  /** The group that the build belongs to, for bake. */
  readonly GroupRef?: string | undefined;
}

/** The builds of one `bake`, under `refs/__group__/<id>`. */
export interface LocalStateGroup {
  readonly Targets: readonly string[];
  readonly Refs: readonly string[];
}

const GROUPS = join('refs', '__group__');

/** Of `refs/`. The groups of version 1 held more, which is dropped. */
const VERSION = '2';

export interface BuildPlace {
  readonly builder: string;
  readonly node: string;
  readonly id: string;
}

/** What is remembered of a build; undefined when that is nothing that can be read. */
export function readLocalState(dir: StateDir, { builder, node, id }: BuildPlace): LocalState | undefined {
  if ([builder, node, id].some((name) => !isFileName(name))) return undefined;
  const state = readJson(join(dir.path, 'refs', builder, node, id));
  if (!isJsonObject(state)) return undefined;
  return {
    Target: textMember(state, 'Target'),
    LocalPath: textMember(state, 'LocalPath'),
    DockerfilePath: textMember(state, 'DockerfilePath'),
    GroupRef: textMember(state, 'GroupRef') || undefined,
  };
}

/** What is remembered of the builds of one command; undefined when that is nothing that can be read. */
export function readLocalStateGroup(dir: StateDir, id: string): LocalStateGroup | undefined {
  const group = isFileName(id) ? readJson(join(dir.path, GROUPS, id)) : undefined;
  if (!isJsonObject(group)) return undefined;
  return { Targets: textList(group, 'Targets') ?? [], Refs: textList(group, 'Refs') ?? [] };
}

/** Names that daemons tell lead nowhere else. */
function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !/[/\\\0]/.test(name);
}

/** Throws IO. */
export function saveLocalState(dir: StateDir, ref: BuildPlace, state: LocalState): void {
  try {
    writeStateFile(dir, join('refs', ref.builder, ref.node, ref.id), goJson({ ...state }), { mode: 0o644 });
  } catch (error) {
    throw wrap('IO', 'failed to save the local state of the build', error);
  }
}

/** Throws IO. */
export function saveLocalStateGroup(dir: StateDir, id: string, { Targets, Refs }: LocalStateGroup): void {
  try {
    const group = { Targets: listField(Targets), Refs };
    writeStateFile(dir, join(GROUPS, id), goJson(group), { mode: 0o600 });
    migrate(dir);
  } catch (error) {
    throw wrap('IO', 'failed to save the local state of the builds', error);
  }
}

// Matches buildx localstate/migrate.go.
function migrate(dir: StateDir): void {
  const version = join('refs', 'version');
  if (readIfThere(join(dir.path, version)) === VERSION) return;
  for (const id of readdirSync(join(dir.path, GROUPS))) {
    const name = join(GROUPS, id);
    const group = readJson(join(dir.path, name));
    const text = goJson({
      Targets: listField(textList(group, 'Targets') ?? []),
      Refs: textList(group, 'Refs') ?? null,
    });
    writeStateFile(dir, name, text, { mode: 0o600 });
  }
  writeStateFile(dir, version, VERSION, { mode: 0o600 });
}

/** Forgets all builds on a builder. Throws what the system says. */
export function forgetBuilder(dir: StateDir, builder: string): void {
  const path = join(dir.path, 'refs', builder);
  if (!existsSync(path)) return;
  for (const node of readdirSync(path)) forgetNode(dir, builder, node);
  rmSync(path, { recursive: true, force: true });
}

/** Forgets all builds on a node, and each group that had all of its builds there. Throws what the system says. */
export function forgetNode(dir: StateDir, builder: string, node: string): void {
  const path = join(dir.path, 'refs', builder, node);
  if (!existsSync(path)) return;
  const sizes = new Map<string, number>();
  for (const id of readdirSync(path)) {
    const group = groupOf(join(path, id));
    if (group !== '') sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  for (const [group, size] of sizes) {
    const file = join(dir.path, GROUPS, group);
    if (textList(readJson(file), 'Refs')?.length === size) rmSync(file, { force: true });
  }
  rmSync(path, { recursive: true, force: true });
}

/** A file that says nothing keeps no builder from being removed. */
function groupOf(file: string): string {
  const group = textMember(readJson(file), 'GroupRef');
  return /^[A-Za-z0-9_-]+$/.test(group) ? group : '';
}

function readJson(file: string): unknown {
  try {
    const text = readIfThere(file);
    return text === undefined ? undefined : parseJson(text, file);
  } catch {
    return undefined;
  }
}
