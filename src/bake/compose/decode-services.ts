// Matches the decoding of compose-go loader/loader.go Transform: texts that must be of another kind, after all else is right.
import { messageOf, TsbuildxError } from '../../base/errors.ts';
import { parseRamBytes } from '../../base/ram-bytes.ts';
import { toBoolean } from './casts.ts';
import { readExtraHosts } from './extra-hosts.ts';
import { listOf, readPairs } from './read-values.ts';
import { type ComposeMap, type ComposeValue, goText, isMap } from './value.ts';

type Decode = (value: ComposeValue) => ComposeValue;

/** Puts booleans and numbers where texts stand for them. Throws INVALID_ARGUMENT with all that is wrong, a line each. */
export function decodeServices(services: ComposeMap, onWarning: (message: string) => void): void {
  const faults: string[] = [];
  for (const [name, service] of services) if (isMap(service)) decodeService(name, service, faults, onWarning);
  if (faults.length === 0) return;
  const message = `decoding failed due to the following error(s):\n\n${faults.join('\n')}`;
  throw new TsbuildxError('INVALID_ARGUMENT', message);
}

function decodeService(
  name: string,
  service: ComposeMap,
  faults: string[],
  onWarning: (message: string) => void,
): void {
  const decode = (map: ComposeMap, path: string, key: string, convert: Decode): void => {
    const value = map.get(key) ?? null;
    if (value === null) return;
    try {
      map.set(key, convert(value));
    } catch (error) {
      faults.push(`'services[${name}].${path}${key}' ${messageOf(error)}`);
    }
  };
  const flag: Decode = (value) => (typeof value === 'string' ? toBoolean(value, onWarning) : value);
  const build = service.get('build');
  if (isMap(build)) {
    decode(build, 'build.', 'args', checked(readPairs));
    decode(build, 'build.', 'no_cache', flag);
    decode(build, 'build.', 'pull', flag);
    decode(build, 'build.', 'extra_hosts', checked(readExtraHosts));
    for (const [at, mount] of listOf(build.get('secrets')).entries())
      if (isMap(mount)) decode(mount, `build.secrets[${at}].`, 'mode', fileMode);
    decode(build, 'build.', 'shm_size', size);
    decode(build, 'build.', 'privileged', flag);
  }
  decode(service, '', 'environment', checked(readPairs));
  for (const [at, file] of listOf(service.get('env_file')).entries())
    if (isMap(file)) decode(file, `env_file[${at}].`, 'required', flag);
}

function checked(read: (value: ComposeValue) => unknown): Decode {
  return (value) => {
    read(value);
    return value;
  };
}

function size(value: ComposeValue): ComposeValue {
  return typeof value === 'string' ? BigInt(Math.trunc(parseRamBytes(value))) : value;
}

function fileMode(value: ComposeValue): ComposeValue {
  if (typeof value !== 'string' || /^[-+]?[0-7]+$/.test(value)) return value;
  throw new TsbuildxError(
    'INVALID_ARGUMENT',
    `strconv.ParseInt: parsing ${JSON.stringify(goText(value))}: invalid syntax`,
  );
}
