// What the engine answers, read field by field: nothing is taken on trust.
import { TsbuildxError } from '../../base/errors.ts';
import { member, textMember } from '../../base/json-object.ts';
import type { ContainerInfo, EngineInfo, EngineVersion } from './client.ts';

export function readVersion(answer: unknown): EngineVersion {
  return {
    version: textMember(answer, 'Version'),
    apiVersion: textMember(answer, 'ApiVersion'),
    minApiVersion: textMember(answer, 'MinAPIVersion'),
    os: textMember(answer, 'Os'),
    arch: textMember(answer, 'Arch'),
  };
}

export function readInfo(answer: unknown): EngineInfo {
  return {
    id: textMember(answer, 'ID'),
    name: textMember(answer, 'Name'),
    driver: textMember(answer, 'Driver'),
    containerImageStore: list(answer, 'DriverStatus').some(
      (pair) => Array.isArray(pair) && pair[0] === 'driver-type' && pair[1] === 'io.containerd.snapshotter.v1',
    ),
    cgroupDriver: textMember(answer, 'CgroupDriver'),
    securityOptions: list(answer, 'SecurityOptions').map(String),
    httpProxy: textMember(answer, 'HttpProxy'),
    httpsProxy: textMember(answer, 'HttpsProxy'),
    noProxy: textMember(answer, 'NoProxy'),
  };
}

export function readContainer(answer: unknown): ContainerInfo {
  const state = member(answer, 'State');
  return {
    id: textMember(answer, 'Id'),
    running: member(state, 'Running') === true,
    status: textMember(state, 'Status'),
    image: textMember(member(answer, 'Config'), 'Image'),
    exitCode: count(member(state, 'ExitCode')),
    restarts: count(member(answer, 'RestartCount')),
    volumes: list(answer, 'Mounts')
      .map((mount) => textMember(mount, 'Name'))
      .filter((name) => name !== ''),
  };
}

/** The id of a new exec. */
export function readExecId(answer: unknown): string {
  const id = textMember(answer, 'Id');
  if (!/^[0-9a-f]+$/.test(id)) throw new TsbuildxError('PROTOCOL', 'the Docker daemon answered an exec without an id');
  return id;
}

export function hasRepoDigests(answer: unknown): boolean {
  return list(answer, 'RepoDigests').length > 0;
}

/** The digest of a manifest as a registry has it. */
export function readRemoteDigest(answer: unknown): string {
  return textMember(member(answer, 'Descriptor'), 'digest');
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : 0;
}

function list(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name);
  return Array.isArray(found) ? found : [];
}
