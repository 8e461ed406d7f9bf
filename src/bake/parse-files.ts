// Matches ParseFiles of buildx bake/bake.go: which file is of which kind, and what all of them define together.
import { messageOf, TsbuildxError, wrap } from '../base/errors.ts';
import type { ComposeSetting } from './compose/setting.ts';
import { composeEnvironment } from './env-files.ts';
import { fileDirectory, rebaseContexts } from './model/context-bases.ts';
import { mergeSame } from './model/definition.ts';
import type { ListedVariable } from './model/list.ts';
import type { Definition } from './model/target.ts';
import type { HclFile } from './resolve/resolve-definition.ts';
import type { BakeFile, BakeSetting } from './setting.ts';

/** What files define. */
export interface ParsedFiles {
  readonly definition: Definition;
  /** Undefined: only compose files, which define none. */
  readonly variables: readonly ListedVariable[] | undefined;
}

interface SortedFiles {
  readonly compose: readonly BakeFile[];
  readonly hcl: readonly HclFile[];
}

/** Errors: INVALID_ARGUMENT, with the place in the file where there is one; NOT_FOUND and IO of files that these name. */
export async function parseFiles(files: readonly BakeFile[], setting: BakeSetting): Promise<ParsedFiles> {
  const { compose, hcl } = await sortFiles(files, setting);
  let definition: Definition = { groups: [], targets: [] };
  if (compose.length > 0) definition = await composeFiles(compose, setting);
  let variables: readonly ListedVariable[] | undefined;
  if (hcl.length > 0) {
    const { loadFunctionLibraries } = await import('./functions/index.ts');
    const { resolveDefinition } = await import('./resolve/resolve-definition.ts');
    await loadFunctionLibraries(hcl.map(({ data }) => new TextDecoder().decode(data)));
    const resolved = resolveDefinition(hcl, definition, setting);
    definition = mergeSame(resolved.definition);
    variables = resolved.variables;
  }
  return { definition: setting.isFileRelative ? rebaseContexts(definition, setting.isRemote) : definition, variables };
}

async function sortFiles(files: readonly BakeFile[], setting: BakeSetting): Promise<SortedFiles> {
  const compose: BakeFile[] = [];
  const hcl: HclFile[] = [];
  for (const file of files) {
    const { isCompose, why } = await readKind(file, setting);
    if (isCompose) compose.push(file);
    else hcl.push(await parseHclFile(file, why));
  }
  return { compose, hcl };
}

/** Without an environment no file is a compose file. Throws what is wrong with one that is by its name. */
async function readKind(file: BakeFile, setting: BakeSetting): Promise<{ isCompose: boolean; why?: unknown }> {
  let own: ComposeSetting;
  try {
    own = composeSetting(setting);
  } catch (why) {
    return { isCompose: false, why };
  }
  const kind = kindByName(file.name);
  if (kind === 'hcl') return { isCompose: false };
  try {
    await checkCompose(file, own);
    return { isCompose: true };
  } catch (why) {
    if (kind === 'compose') throw why;
    return { isCompose: false, why };
  }
}

function kindByName(name: string): 'compose' | 'hcl' | undefined {
  if (/\.ya?ml$/i.test(name)) return 'compose';
  return /\.(?:json|hcl)$/i.test(name) ? 'hcl' : undefined;
}

/** One compose file alone; others may complete it. */
async function checkCompose(file: BakeFile, setting: ComposeSetting): Promise<void> {
  const { loadProject } = await import('./compose/index.ts');
  loadProject([{ name: '', data: file.data }], setting, { checked: false });
}

async function composeFiles(files: readonly BakeFile[], setting: BakeSetting): Promise<Definition> {
  const { composeDefinition, loadProject } = await import('./compose/index.ts');
  try {
    const definition = mergeSame(composeDefinition(loadProject(files, composeSetting(setting))));
    return setting.isFileRelative ? withBases(definition, files[0]?.name ?? '', setting) : definition;
  } catch (error) {
    throw wrap(error instanceof TsbuildxError ? error.code : 'IO', 'failed to parse compose file', error);
  }
}

function composeSetting(setting: BakeSetting): ComposeSetting {
  const { files, cwd, onWarning } = setting;
  return {
    files,
    cwd,
    env: composeEnvironment(setting),
    home: setting.functions.homeDirectory || undefined,
    onWarning,
  };
}

async function parseHclFile(file: BakeFile, whyNotCompose: unknown): Promise<HclFile> {
  const { parseHclFile: parse } = await import('./resolve/parse-hcl-file.ts');
  return parse(file, (problem) => {
    const why = `failed to parse ${file.name}: parsing yaml: ${messageOf(whyNotCompose)}, parsing hcl: ${problem}`;
    return new TsbuildxError('INVALID_ARGUMENT', why);
  });
}

/** Contexts of compose files are relative to the first of them. */
function withBases({ groups, targets }: Definition, name: string, { isRemote }: BakeSetting): Definition {
  const base = fileDirectory(name, isRemote);
  if (base === undefined) return { groups, targets };
  return {
    groups,
    targets: targets.map((target) => ({
      ...target,
      bases: {
        default: base,
        ...(target.context !== undefined && { context: base }),
        contexts: new Map(Array.from(target.contexts?.keys() ?? [], (key) => [key, base])),
      },
    })),
  };
}
