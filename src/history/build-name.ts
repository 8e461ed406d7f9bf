// Matches buildx util/history/name.go: what a build is called in lists.
import { basePath, joinPath } from '../base/go-path.ts';
import type { LocalState } from '../builder/index.ts';
import { gitReference } from './git-reference.ts';

const DOCKERFILE = '/Dockerfile';

/**
 * The name of a build, from its attributes and what this machine remembers of it: the context or Dockerfile, and the target.
 * Empty when nothing is known.
 */
export function buildName(attrs: Readonly<Record<string, string>>, state: LocalState | undefined): string {
  const given = attrs['build-arg:BUILDKIT_BUILD_NAME'];
  if (given) return given;
  const name = attrs['context'] ?? pathAttribute(attrs, 'vcs:localdir:context') ?? '';
  const place = name || placeOf(attrs, state);
  const target = attrs['target'] ?? '';
  if (target !== '') return place === '' ? target : `${place} (${target})`;
  return place || fragmentForm(sourceOf(attrs) ?? '');
}

/** Where the files are: below the context's directory, else the last part of a path. */
function placeOf(attrs: Readonly<Record<string, string>>, state: LocalState | undefined): string {
  const local = state !== undefined && !isRemote(state.LocalPath) ? state : undefined;
  const contextPath = named(local?.LocalPath) ?? '';
  const rememberedFile = named(local?.DockerfilePath);
  const file = rememberedFile !== undefined && rememberedFile !== 'Dockerfile' ? rememberedFile : fileOf(attrs);
  const isDefaultFile = file === '' || file.endsWith(DOCKERFILE);
  const shown = file.endsWith(DOCKERFILE) ? file.slice(0, -DOCKERFILE.length) : file;
  if (shown.startsWith(contextPath) && shown.length > contextPath.length) {
    return shown.slice(contextPath.lastIndexOf('/') + 1);
  }
  const path = shown || contextPath;
  if (path === '') return '';
  const slash = path.lastIndexOf('/');
  const last = path.slice(slash + 1);
  if (isDefaultFile) return last;
  return joinPath(basePath(slash < 0 ? path : path.slice(0, slash)), last);
}

function fileOf(attrs: Readonly<Record<string, string>>): string {
  const filename = attrs['filename'] ?? '';
  const file = filename === 'Dockerfile' ? '' : filename;
  const dir = pathAttribute(attrs, 'vcs:localdir:dockerfile');
  return dir === undefined ? file : joinPath(dir, file);
}

function pathAttribute(attrs: Readonly<Record<string, string>>, name: string): string | undefined {
  return attrs[name] === '.' ? undefined : attrs[name];
}

function sourceOf(attrs: Readonly<Record<string, string>>): string | undefined {
  const input = attrs['input:context'] ?? '';
  return attrs['vcs:source'] ?? (gitReference(input) === undefined ? undefined : input);
}

function named(path: string | undefined): string | undefined {
  return path === '' || path === '-' ? undefined : path;
}

function isRemote(path: string): boolean {
  return /^https?:\/\//.test(path) || gitReference(path) !== undefined;
}

/** A git remote as `URL#ref`. */
function fragmentForm(source: string): string {
  const reference = gitReference(source);
  if (reference === undefined) return source;
  return reference.ref === '' ? reference.remote : `${reference.remote}#${reference.ref}`;
}
