// Matches buildx driver/docker-container/factory.go: the options of the docker-container driver, same error texts.
import { goQuote } from '../../../base/go-quote.ts';
import { parseRamBytes } from '../../../base/ram-bytes.ts';
import { boolOption, invalidOption } from '../options.ts';

/** With what a builder's container is made. */
export interface ContainerOptions {
  readonly image: string | undefined;
  readonly allowUntrustedImage: boolean;
  readonly defaultLoad: boolean;
  /** Put the run of GitHub Actions into provenance attestations. */
  readonly provenanceAddGha: boolean;
  readonly cgroupParent: string;
  /** `NAME=VALUE`. */
  readonly env: readonly string[];
  readonly restartPolicy: RestartPolicy;
  /** Of the API's HostConfig; only what was given. */
  readonly limits: ContainerLimits;
}

export interface RestartPolicy {
  readonly Name: string;
  readonly MaximumRetryCount: number;
}

export interface ContainerLimits {
  readonly NetworkMode?: string;
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly CpuPeriod?: number;
  readonly CpuQuota?: number;
  readonly CpuShares?: number;
  readonly CpusetCpus?: string;
  readonly CpusetMems?: string;
}

type Draft = { -readonly [K in keyof Omit<ContainerOptions, 'env' | 'limits'>]: ContainerOptions[K] } & {
  readonly env: string[];
  readonly limits: { -readonly [K in keyof ContainerLimits]: ContainerLimits[K] };
};

type Read = (draft: Draft, value: string) => unknown;

const READ: ReadonlyMap<string, Read> = new Map<string, Read>([
  ['image', (draft, value) => (draft.image = value || undefined)],
  ['network', (draft, value) => (draft.limits.NetworkMode = value)],
  ['memory', (draft, value) => (draft.limits.Memory = parseRamBytes(value))],
  ['memory-swap', (draft, value) => (draft.limits.MemorySwap = swapBytes(value))],
  ['cpu-period', (draft, value) => (draft.limits.CpuPeriod = integer(value))],
  ['cpu-quota', (draft, value) => (draft.limits.CpuQuota = integer(value))],
  ['cpu-shares', (draft, value) => (draft.limits.CpuShares = integer(value))],
  ['cpuset-cpus', (draft, value) => (draft.limits.CpusetCpus = value)],
  ['cpuset-mems', (draft, value) => (draft.limits.CpusetMems = value)],
  ['cgroup-parent', (draft, value) => (draft.cgroupParent = value)],
  ['restart-policy', (draft, value) => (draft.restartPolicy = restartPolicy(value))],
  ['default-load', (draft, value) => (draft.defaultLoad = boolOption(value))],
  ['provenance-add-gha', (draft, value) => (draft.provenanceAddGha = boolOption(value))],
  ['allow-untrusted-image', (draft, value) => (draft.allowUntrustedImage = boolOption(value))],
]);

/** Throws INVALID_ARGUMENT for options with which a node could not be made. */
export function readContainerOptions(options: Readonly<Record<string, string>>): ContainerOptions {
  const draft: Draft = {
    image: undefined,
    allowUntrustedImage: false,
    defaultLoad: false,
    provenanceAddGha: true,
    cgroupParent: '',
    restartPolicy: { Name: 'unless-stopped', MaximumRetryCount: 0 },
    env: [],
    limits: {},
  };
  for (const [name, value] of Object.entries(options)) {
    if (name === 'env.') throw invalidOption(`invalid env option ${goQuote(name)}, expecting env.FOO=bar`);
    const read = READ.get(name);
    if (name.startsWith('env.')) draft.env.push(`${name.slice('env.'.length)}=${value}`);
    else if (read === undefined) throw invalidOption(`invalid driver option ${name} for docker-container driver`);
    else read(draft, value);
  }
  return draft;
}

function integer(value: string): number {
  if (!/^[+-]?[0-9]+$/.test(value)) {
    throw invalidOption(`strconv.ParseInt: parsing ${goQuote(value)}: invalid syntax`);
  }
  const number = Number(value);
  if (!Number.isSafeInteger(number)) {
    throw invalidOption(`strconv.ParseInt: parsing ${goQuote(value)}: value out of range`);
  }
  return number;
}

/** `-1` for no limit. */
function swapBytes(value: string): number {
  return value === '-1' ? -1 : parseRamBytes(value);
}

// Matches docker/cli opts/parse.go ParseRestartPolicy.
function restartPolicy(value: string): RestartPolicy {
  const colon = value.indexOf(':');
  const name = colon < 0 ? value : value.slice(0, colon);
  const count = colon < 0 ? '' : value.slice(colon + 1);
  const invalid = 'invalid restart policy format';
  if (colon === 0) throw invalidOption(`${invalid}: no policy provided before colon`);
  if (count !== '' && !/^[+-]?[0-9]+$/.test(count)) {
    throw invalidOption(`${invalid}: maximum retry count must be an integer`);
  }
  return { Name: name, MaximumRetryCount: Number(count) };
}
