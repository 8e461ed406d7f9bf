// Matches compose-go loader/extends.go.
import { TsbuildxError } from '../../base/errors.ts';
import { goQuote } from '../../base/go-quote.ts';
import { anyService, mergeValues } from './merge.ts';
import { applyResets } from './resets.ts';
import { resolvePaths } from './resolve-paths.ts';
import { directoryOf, inDirectory, type LoadScope } from './scope.ts';
import type { ComposeFile, ComposeSetting } from './setting.ts';
import type { TreePath } from './tree-path.ts';
import { type ComposeMap, type ComposeValue, deepCopy, isMap } from './value.ts';

interface Reference {
  readonly filename: string;
  readonly service: string;
}

interface ExtendsSetting {
  readonly scope: LoadScope;
  readonly resets: readonly TreePath[];
  /** Reads a file of which services are extended. */
  loadExtended(file: ComposeFile, setting: ComposeSetting): { model: ComposeMap; resets: readonly TreePath[] };
}

/** Services with what they extend merged in. Changes the model. Throws INVALID_ARGUMENT, IO. */
export function applyExtends(model: ComposeMap, filename: string, setting: ExtendsSetting): void {
  const services = model.get('services');
  if (services === undefined) return;
  if (!isMap(services)) throw invalid('services must be a mapping');
  const resolver = new ExtendsResolver(filename, setting);
  for (const name of Array.from(services.keys()))
    services.set(name, resolver.resolve(name, services, setting.resets, []));
}

class ExtendsResolver {
  readonly #filename: string;
  readonly #setting: ExtendsSetting;

  constructor(filename: string, setting: ExtendsSetting) {
    this.#filename = filename;
    this.#setting = setting;
  }

  resolve(name: string, services: ComposeMap, resets: readonly TreePath[], way: readonly Reference[]): ComposeValue {
    const service = services.get(name) ?? null;
    if (service === null) return null;
    if (!isMap(service)) throw invalid(`services.${name} must be a mapping`);
    const extended = service.get('extends');
    if (extended === undefined) return service;
    const { ref, file } = readExtends(name, extended);
    let found = { services, resets };
    if (file !== undefined) found = this.#loadBase(name, ref, file);
    else if (!services.has(ref)) throw notFound(name, this.#filename, ref);
    const next = addToWay(way, { filename: file ?? this.#filename, service: name });
    const base = this.resolve(ref, found.services, found.resets, next);
    if (!isMap(base)) return service;
    const source = deepCopy<ComposeValue>(base);
    if (isMap(source)) applyResets(new Map([['services', new Map([[name, source]])]]), this.#setting.resets);
    const merged = mergeValues(source, service, anyService);
    if (isMap(merged)) merged.delete('extends');
    services.set(name, merged);
    return merged;
  }

  #loadBase(name: string, ref: string, file: string): { services: ComposeMap; resets: readonly TreePath[] } {
    const { setting, projectDirectory } = this.#setting.scope;
    const local = inDirectory(projectDirectory, file);
    const data = setting.files.read(local);
    const { model, resets } = this.#setting.loadExtended({ name: local, data }, setting);
    const services = model.get('services');
    const cannot = `cannot extend service ${goQuote(name)} in ${local}`;
    if (services === undefined) throw invalid(`${cannot}: no services section`);
    if (!isMap(services)) throw invalid(`${cannot}: services must be a mapping`);
    resolvePaths(model, { directory: directoryOf(file, projectDirectory, setting.files), home: setting.home });
    if (!services.has(ref)) throw notFound(name, this.#filename, ref, file);
    return { services, resets };
  }
}

function readExtends(name: string, value: ComposeValue): { readonly ref: string; readonly file: string | undefined } {
  if (typeof value === 'string') return { ref: value, file: undefined };
  const ref = isMap(value) ? value.get('service') : undefined;
  if (typeof ref !== 'string') throw invalid(`extends.${name}.service is required`);
  const file = isMap(value) ? value.get('file') : undefined;
  return { ref, file: typeof file === 'string' ? file : undefined };
}

function addToWay(way: readonly Reference[], next: Reference): Reference[] {
  const all = [...way, next];
  const isKnown = way.some(({ filename, service }) => filename === next.filename && service === next.service);
  if (!isKnown) return all;
  const lines = all.map(({ filename, service }, at) => `  ${at === 0 ? '' : 'extends '}${service} in ${filename}`);
  throw invalid(['Circular reference:', ...lines].join('\n'));
}

function notFound(name: string, filename: string, ref: string, file?: string): TsbuildxError {
  const where = file === undefined ? '' : ` in ${file}`;
  return invalid(`cannot extend service ${goQuote(name)} in ${filename}: service ${goQuote(ref)} not found${where}`);
}

function invalid(message: string): TsbuildxError {
  return new TsbuildxError('INVALID_ARGUMENT', message);
}
