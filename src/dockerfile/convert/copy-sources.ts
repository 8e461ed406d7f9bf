// What each source of ADD and COPY becomes: a git or web source, files of a context or stage, a here-document.
import { cleanPath, joinPath } from '../../base/go-path.ts';
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { type CopyAction, customName, gitSource, httpSource, type State } from '../../llb/index.ts';
import { parseDigest } from '../../oci/index.ts';
import type { AddInstruction, CopyInstruction, SourceContent } from '../instructions/index.ts';
import { rules } from '../lint/index.ts';
import type { PatternMatcher } from '../../patterns/index.ts';
import type { DispatchContext } from './context.ts';
import type { Common } from './copy.ts';
import { type GitRef, parseGitRef } from './git-ref.ts';
import { downloadName, isHttpSource } from './remote-source.ts';
import { inlineFile } from './run.ts';
import type { StageState } from './stage-state.ts';
import { normalizePath, prefixed, toSlash, withoutDrive } from './system-path.ts';

export interface CopySource {
  readonly stage: StageState;
  readonly instruction: AddInstruction | CopyInstruction;
  readonly title: string;
  /** The context or stage that paths are taken from. */
  readonly state: State;
  readonly isContext: boolean;
  /** What a git URL says beside the flags holds for the sources after it, too. */
  readonly carried: { keepGitDir: boolean | undefined; checksum: string };
}

type SourcePart = Omit<CopyAction, keyof Common>;

export function copySource(path: string, source: CopySource, context: DispatchContext): SourcePart {
  const { instruction } = source;
  const git = parseGitRef(path);
  if (git !== undefined && !git.looksLocal) {
    if (instruction.kind === 'copy') throw failure("source can't be a git ref for COPY");
    return gitPart(git, source);
  }
  if (isHttpSource(path)) {
    if (instruction.kind === 'copy') throw failure("source can't be a URL for COPY");
    return httpPart(path, instruction, source);
  }
  checkIgnored(path, source, context);
  return filesPart(path, source);
}

function gitPart(git: GitRef, { carried, title }: CopySource): SourcePart {
  const { keepGitDir, checksum } = carried;
  if (keepGitDir !== undefined && git.keepGitDir !== undefined && keepGitDir !== git.keepGitDir) {
    throw failure('inconsistent keep-git-dir configuration');
  }
  carried.keepGitDir = git.keepGitDir ?? keepGitDir;
  if (checksum !== '' && git.checksum !== '' && checksum !== git.checksum) {
    throw failure(`checksum mismatch ${goQuote(checksum)} != ${goQuote(git.checksum)}`);
  }
  carried.checksum = git.checksum || checksum;
  const from = gitSource(git.remote, {
    ref: git.ref,
    subdir: git.subdir,
    keepGitDir: carried.keepGitDir ?? false,
    checksum: carried.checksum,
    skipSubmodules: git.submodules === false,
    mtime: '',
    fetchByCommit: git.fetchByCommit,
    description: { [customName]: title },
  });
  return { kind: 'copy', from, src: '/' };
}

function httpPart(url: string, instruction: AddInstruction, { carried, title }: CopySource): SourcePart {
  const filename = downloadName(url);
  const checksum = carried.checksum === '' ? '' : parseDigest(carried.checksum);
  const from = httpSource(url, {
    filename,
    checksum,
    description: { [customName]: title, 'com.docker.dockerfile.v1.command': '' },
  });
  return { kind: 'copy', from, src: filename, unpack: instruction.unpack ?? false };
}

function filesPart(path: string, { stage, instruction, state }: CopySource): SourcePart {
  const os = stage.platform?.os ?? '';
  const normal = (text: string): string => prefixed('removing drive letter', () => normalizePath('/', text, os, false));
  const pivot = instruction.kind === 'copy' && instruction.parents ? splitAtPivot(path) : undefined;
  const pattern = pivot === undefined ? '' : normal(pivot.pattern);
  const root = pivot?.root ?? path;
  const isExact = pivot !== undefined && !hasWildcards(root) && !hasWildcards(pattern);
  return {
    kind: 'copy',
    from: state,
    src: normal(root),
    followSymlinks: true,
    directoryContentsOnly: true,
    includePatterns: pivot === undefined ? [] : [pattern.replace(/^\//, '')],
    requiredPaths: isExact ? [normal(joinPath(root, pattern))] : [],
    unpack: instruction.kind === 'add' && (instruction.unpack ?? true),
    allowWildcard: true,
  };
}

/** With --parents the path below `/./` is kept; without it, the whole path. */
function splitAtPivot(path: string): { root: string; pattern: string } {
  const at = path.indexOf('/./');
  return at < 0 ? { root: '/', pattern: path } : { root: path.slice(0, at), pattern: path.slice(at + 3) };
}

function hasWildcards(path: string): boolean {
  return /[*?[]/.test(path.replace(/\\[^]/g, ''));
}

/** Files given in the Dockerfile itself. */
export function contentSources(stage: StageState, contents: readonly SourceContent[]): SourcePart[] {
  const os = stage.platform?.os ?? '';
  return contents.map(({ path, data }) => {
    const name = prefixed('removing drive letter', () => withoutDrive(path, os, false));
    return { kind: 'copy', from: inlineFile(name, 0o644, data), src: toSlash(name, os) };
  });
}

/** Warns of a path that the .dockerignore keeps out. With exceptions (`!`) that cannot be told. */
function checkIgnored(path: string, { instruction, isContext }: CopySource, context: DispatchContext): void {
  const { ignore } = context;
  if (!isContext || ignore === undefined || ignore.hasExclusions) return;
  const clean = cleanPath(path);
  const isRoot = clean === '.' || clean === '/';
  if (isRoot && !ignore.patterns.some(({ text }) => matchesAll.has(text))) return;
  if (!isIgnored(ignore, clean)) return;
  context.lint.report(rules.copyIgnoredFile, instruction.lines, instruction.kind === 'add' ? 'Add' : 'Copy', clean);
}

const matchesAll = new Set(['*', '**', '**/*']);

function isIgnored(ignore: PatternMatcher, path: string): boolean {
  try {
    return ignore.matchesOrParentMatches(path);
  } catch (error) {
    if (error instanceof TsbuildxError) return false; // a bad pattern is reported where the context is sent
    throw error;
  }
}

function failure(message: string): TsbuildxError {
  return new TsbuildxError('DOCKERFILE', message);
}
