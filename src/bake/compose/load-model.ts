// Matches compose-go loader/loader.go: files to one model, with what they include and extend.
import { TsbuildxError } from '../../base/errors.ts';
import { toCanonical } from './canonical.ts';
import { setDefaults } from './defaults.ts';
import { applyExtends } from './extends.ts';
import { applyInclude } from './include.ts';
import { interpolate } from './interpolate.ts';
import { mergeModels } from './merge.ts';
import { applyResets } from './resets.ts';
import { resolvePaths } from './resolve-paths.ts';
import type { LoadScope } from './scope.ts';
import { type ComposeFile, type ComposeSetting, substitution } from './setting.ts';
import type { TreePath } from './tree-path.ts';
import { keepLast } from './unicity.ts';
import { type ComposeMap, type ComposeValue, isMap } from './value.ts';
import { parseYaml } from './yaml/documents.ts';

/** The model that files make together. Throws INVALID_ARGUMENT, IO. */
export function loadModel(files: readonly ComposeFile[], scope: LoadScope): ComposeMap {
  let model: ComposeMap = new Map();
  for (const file of files) model = addFile(model, file, scope);
  setDefaults(model);
  resolvePaths(model, { directory: scope.directory, home: scope.setting.home });
  resolveEnvironment(model, scope.setting.env);
  return model;
}

function addFile(before: ComposeMap, file: ComposeFile, scope: LoadScope): ComposeMap {
  const variables = substitution(scope.setting.env, scope.setting);
  const included = [...scope.included];
  let model = before;
  for (const { value, resets } of parseYaml(file.data, file.name)) {
    if (!isMap(value)) throw new TsbuildxError('INVALID_ARGUMENT', 'top-level object must be a mapping');
    const own = interpolate(value, variables);
    included.push(file.name);
    applyInclude(own, { ...scope, included }, resets, loadModel);
    applyResets(model, resets);
    applyExtends(own, file.name, { scope, resets, loadExtended });
    model = finish(mergeModels(model, own));
  }
  return model;
}

/** The services of a file that is only extended: nothing in it is followed. */
function loadExtended(file: ComposeFile, setting: ComposeSetting): { model: ComposeMap; resets: TreePath[] } {
  let model: ComposeMap = new Map();
  const all: TreePath[] = [];
  for (const { value, resets } of parseYaml(file.data, file.name)) {
    if (!isMap(value)) throw new TsbuildxError('INVALID_ARGUMENT', 'top-level object must be a mapping');
    const own = interpolate(value, substitution(setting.env, setting));
    applyResets(model, resets);
    model = finish(mergeModels(model, own));
    all.splice(0, all.length, ...resets);
  }
  return { model, resets: all };
}

function finish(model: ComposeMap): ComposeMap {
  return keepLast(withoutEmptyDns(toCanonical(keepLast(model))));
}

function withoutEmptyDns(model: ComposeMap): ComposeMap {
  const services = model.get('services');
  if (!isMap(services)) return model;
  for (const service of services.values()) {
    const dns = isMap(service) ? service.get('dns') : undefined;
    if (isMap(service) && Array.isArray(dns))
      service.set(
        'dns',
        dns.filter((entry) => entry !== null && entry !== ''),
      );
  }
  return model;
}

/** Variables that a service names without a value have that of the environment. */
function resolveEnvironment(model: ComposeMap, env: ReadonlyMap<string, string>): void {
  const services = model.get('services');
  if (!isMap(services)) return;
  for (const service of services.values()) {
    const list = isMap(service) ? service.get('environment') : undefined;
    if (!isMap(service) || !Array.isArray(list)) continue;
    const names = list.filter((entry): entry is string => typeof entry === 'string');
    service.set(
      'environment',
      names.map((name): ComposeValue => (env.has(name) ? `${name}=${env.get(name)}` : name)),
    );
  }
}
