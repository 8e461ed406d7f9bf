// Matches compose-go transform/defaults.go, as far as it matters to a build or can fail.
import { TsbuildxError } from '../../base/errors.ts';
import { type ComposeMap, type ComposeValue, goTypeOf, isMap } from './value.ts';

/** Changes the model. Throws INVALID_ARGUMENT. */
export function setDefaults(model: ComposeMap): void {
  const services = model.get('services');
  if (!isMap(services)) return;
  for (const [name, service] of services) if (isMap(service)) setServiceDefaults(service, `services.${name}`);
}

function setServiceDefaults(service: ComposeMap, path: string): void {
  const build = service.get('build');
  if (isMap(build) && !build.has('context')) build.set('context', '.');
  for (const volume of listOf(service.get('volumes'))) {
    const bind = isMap(volume) ? volume.get('bind') : undefined;
    if (bind !== undefined) checkMap(bind, `${path}.volumes.[].bind`, 'service volume bind');
  }
  for (const gpu of listOf(service.get('gpus'))) checkMap(gpu, `${path}.gpus.[]`, 'device request');
}

function listOf(value: ComposeValue | undefined): readonly ComposeValue[] {
  return Array.isArray(value) ? value : [];
}

function checkMap(value: ComposeValue, path: string, what: string): void {
  if (isMap(value)) return;
  throw new TsbuildxError('INVALID_ARGUMENT', `${path}: invalid type ${goTypeOf(value)} for ${what}`);
}
