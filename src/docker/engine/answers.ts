// What the engine answers, read field by field: nothing is taken on trust.
import { TsbuildxError } from '../../base/errors.ts';
import type { ContainerInfo, EngineInfo, EngineVersion } from './client.ts';

export function readVersion(answer: unknown): EngineVersion {
  return {
    version: text(answer, 'Version'),
    apiVersion: text(answer, 'ApiVersion'),
    minApiVersion: text(answer, 'MinAPIVersion'),
    os: text(answer, 'Os'),
    arch: text(answer, 'Arch'),
  };
}

export function readInfo(answer: unknown): EngineInfo {
  return {
    id: text(answer, 'ID'),
    name: text(answer, 'Name'),
    driver: text(answer, 'Driver'),
    containerImageStore: list(answer, 'DriverStatus').some(
      (pair) => Array.isArray(pair) && pair[0] === 'driver-type' && pair[1] === 'io.containerd.snapshotter.v1',
    ),
    cgroupDriver: text(answer, 'CgroupDriver'),
    securityOptions: list(answer, 'SecurityOptions').map(String),
    httpProxy: text(answer, 'HttpProxy'),
    httpsProxy: text(answer, 'HttpsProxy'),
    noProxy: text(answer, 'NoProxy'),
  };
}

export function readContainer(answer: unknown): ContainerInfo {
  const state = field(answer, 'State');
  return {
    id: text(answer, 'Id'),
    running: field(state, 'Running') === true,
    status: text(state, 'Status'),
    image: text(field(answer, 'Config'), 'Image'),
  };
}

/** The id of a new exec. */
export function readExecId(answer: unknown): string {
  const id = text(answer, 'Id');
  if (!/^[0-9a-f]+$/.test(id)) throw new TsbuildxError('PROTOCOL', 'the Docker daemon answered an exec without an id');
  return id;
}

export function hasRepoDigests(answer: unknown): boolean {
  return list(answer, 'RepoDigests').length > 0;
}

/** The digest of a manifest as a registry has it. */
export function readRemoteDigest(answer: unknown): string {
  return text(field(answer, 'Descriptor'), 'digest');
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

function text(value: unknown, name: string): string {
  const found = field(value, name);
  return typeof found === 'string' ? found : '';
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = field(value, name);
  return Array.isArray(found) ? found : [];
}
