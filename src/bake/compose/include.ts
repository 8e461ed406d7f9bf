// Matches compose-go loader/include.go.
import { TsbuildxError } from '../../base/errors.ts';
import { dirPath, isAbsolutePath, joinPath } from '../../base/go-path.ts';
import { loadEnvFile } from './dotenv.ts';
import { mergeValues } from './merge.ts';
import { applyResets } from './resets.ts';
import { directoryOf, inDirectory, type LoadScope } from './scope.ts';
import { type ComposeFile, substitution } from './setting.ts';
import type { TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';

interface Include {
  readonly paths: readonly string[];
  readonly projectDirectory: string;
  readonly envFiles: readonly string[];
}

type Load = (files: readonly ComposeFile[], scope: LoadScope) => ComposeMap;

/** Files that include ever more files: each is read again wherever it is included. */
const depthLimit = 100;

/** Merges what a file includes into its model. Throws INVALID_ARGUMENT, IO. */
export function applyInclude(model: ComposeMap, scope: LoadScope, resets: readonly TreePath[], load: Load): void {
  if (scope.included.length > depthLimit) throw invalid('included too deeply');
  for (const include of readIncludes(model.get('include') ?? null)) {
    if (include.paths.length === 0) continue;
    const imported = loadIncluded(include, scope, load);
    for (const kind of ['services', 'volumes', 'networks', 'secrets', 'configs', 'models']) {
      importEntries(imported.get(kind) ?? null, model, kind, resets);
    }
  }
  model.delete('include');
}

function loadIncluded(include: Include, scope: LoadScope, load: Load): ComposeMap {
  const { setting, directory: parent, included } = scope;
  const { files } = setting;
  const paths = include.paths.map((path) => inDirectory(scope.projectDirectory, path));
  const main = paths[0] ?? '';
  if (included.includes(main)) {
    const [first, ...others] = [...included, main];
    throw invalid(`include cycle detected:\n${first}\n include ${others.join('\n include ')}`);
  }
  const given = include.projectDirectory;
  const projectDirectory = given === '' ? dirPath(main) : inDirectory(parent, given);
  const directory = isAbsolutePath(given) ? given : directoryOf(given || main, scope.projectDirectory, files);
  const own = readEnvFiles(include, projectDirectory, scope);
  const env = new Map([...own, ...setting.env]);
  return load(
    paths.map((name) => ({ name, data: files.read(name) })),
    { setting: { ...setting, env }, directory, projectDirectory, included },
  );
}

function readEnvFiles({ envFiles }: Include, projectDirectory: string, scope: LoadScope): Map<string, string> {
  const { setting } = scope;
  const values = new Map<string, string>();
  const standard = joinPath(projectDirectory, '.env');
  const wanted = envFiles.filter((path) => path !== '/dev/null').map((path) => inDirectory(scope.directory, path));
  const isStandard = envFiles.length === 0;
  for (const path of isStandard ? [standard] : wanted) {
    const kind = setting.files.kindOf(path);
    if (isStandard && kind !== 'file') continue;
    if (kind === undefined) throw new TsbuildxError('NOT_FOUND', `stat ${path}: no such file or directory`);
    if (kind === 'directory') throw invalid(`${path} is not a file`);
    loadEnvFile(path, values, { ...substitution(setting.env, setting), files: setting.files });
  }
  return values;
}

function readIncludes(value: ComposeValue): Include[] {
  if (value === null) return [];
  if (!Array.isArray(value)) throw invalid(`\`include\` must be a list, got ${goText(value)}`);
  return value.map((entry) => {
    const texts = (key: string): string[] => {
      const found = isMap(entry) ? (entry.get(key) ?? []) : [];
      return (Array.isArray(found) ? found : [found]).map(goText);
    };
    if (typeof entry === 'string') return { paths: [entry], projectDirectory: '', envFiles: [] };
    return { paths: texts('path'), projectDirectory: texts('project_directory')[0] ?? '', envFiles: texts('env_file') };
  });
}

function importEntries(from: ComposeValue, model: ComposeMap, kind: string, resets: readonly TreePath[]): void {
  if (!isMap(from)) return;
  const known = model.get(kind);
  const to: ComposeMap = isMap(known) ? known : new Map();
  for (const [name, entry] of from) {
    const own = to.get(name);
    if (own !== undefined) applyResets(new Map([[kind, new Map([[name, entry]])]]), resets);
    to.set(name, own === undefined ? entry : mergeValues(entry, own, [kind, name]));
  }
  model.set(kind, to);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
