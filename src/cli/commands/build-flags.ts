// The flags of `build`, with buildx's names and texts (commands/build.go): a contract with scripts.
import { parseRamBytes } from '../../base/ram-bytes.ts';
import type { FlagsFor } from '../flags/definition.ts';
import { type Resource, parseUlimit } from '../../values/index.ts';

const ignoredBool = { kind: 'bool', hidden: true } as const;
const legacyResource = { kind: 'array', hidden: true } as const;

type LegacyResourceValues = Readonly<Record<Resource, readonly string[]>>;

/** What the flags say that are not only refused or ignored. */
export interface BuildFlagValues extends LegacyResourceValues {
  readonly 'add-host': readonly string[];
  readonly allow: readonly string[];
  readonly annotation: readonly string[];
  readonly attest: readonly string[];
  readonly 'build-arg': readonly string[];
  readonly 'build-context': readonly string[];
  readonly 'cache-from': readonly string[];
  readonly 'cache-to': readonly string[];
  readonly 'cgroup-parent': string | undefined;
  readonly file: string | undefined;
  readonly frontend: string | undefined;
  readonly iidfile: string | undefined;
  readonly label: readonly string[];
  readonly load: boolean;
  readonly 'log-dir': string | undefined;
  readonly 'metadata-file': string | undefined;
  readonly network: string;
  readonly 'no-cache': boolean;
  readonly 'no-cache-filter': readonly string[];
  readonly node: string | undefined;
  readonly 'node-policy': string | undefined;
  readonly output: readonly string[];
  readonly platform: readonly string[];
  readonly policy: readonly string[];
  readonly progress: string;
  readonly provenance: string | undefined;
  readonly pull: boolean;
  readonly push: boolean;
  readonly quiet: boolean;
  readonly sbom: string | undefined;
  readonly resource: readonly string[];
  readonly secret: readonly string[];
  readonly 'shm-size': string | undefined;
  readonly ssh: readonly string[];
  readonly 'strict-platform': boolean;
  readonly tag: readonly string[];
  readonly target: string | undefined;
  readonly ulimit: readonly string[];
  readonly call: string;
  readonly check: boolean;
  readonly print: string | undefined;
}

export const buildFlags: FlagsFor<BuildFlagValues> = {
  'add-host': { kind: 'list', usage: 'Add a custom host-to-IP mapping (format: "host:ip")' },
  allow: {
    kind: 'array',
    usage:
      'Allow extra privileged entitlement (e.g., "network.host", "security.insecure", "device", "buildx.local.delete")',
  },
  annotation: { kind: 'array', usage: 'Add annotation to the image' },
  attest: { kind: 'array', usage: 'Attestation parameters (format: "type=sbom,generator=image")' },
  'build-arg': { kind: 'array', usage: 'Set build-time variables' },
  'build-context': { kind: 'array', usage: 'Additional build contexts (e.g., name=path)' },
  'cache-from': {
    kind: 'array',
    usage: 'External cache sources (e.g., "user/app:cache", "type=local,src=path/to/dir")',
  },
  'cache-to': {
    kind: 'array',
    usage: 'Cache export destinations (e.g., "user/app:cache", "type=local,dest=path/to/dir")',
  },
  call: {
    kind: 'string',
    default: 'build',
    usage: 'Set method for evaluating build ("check", "outline", "targets")',
  },
  'cgroup-parent': { kind: 'string', usage: 'Set the parent cgroup for the "RUN" instructions during build' },
  check: { kind: 'bool', usage: 'Shorthand for "--call=check"' },
  file: { kind: 'string', short: 'f', usage: 'Name of the Dockerfile (default: "PATH/Dockerfile")' },
  frontend: { kind: 'string', usage: 'Who compiles the Dockerfile ("client", "daemon")' },
  iidfile: { kind: 'string', usage: 'Write the image ID to a file' },
  label: { kind: 'array', usage: 'Set metadata for an image' },
  'log-dir': { kind: 'string', usage: 'Write the full output of each step to a file in this directory' },
  load: { kind: 'bool', usage: 'Shorthand for "--output=type=docker"' },
  'metadata-file': { kind: 'string', usage: 'Write build result metadata to a file' },
  network: {
    kind: 'string',
    default: 'default',
    usage: 'Set the networking mode for the "RUN" instructions during build',
  },
  'no-cache': { kind: 'bool', usage: 'Do not use cache when building the image' },
  'no-cache-filter': { kind: 'array', usage: 'Do not cache specified stages' },
  node: { kind: 'string', usage: 'Build on this node of the builder only' },
  'node-policy': {
    kind: 'string',
    usage: 'Which of several suitable nodes builds ("first", "least-busy", "cache-affinity", "round-robin")',
  },
  output: { kind: 'array', short: 'o', usage: 'Output destination (format: "type=local,dest=path")' },
  platform: { kind: 'array', usage: 'Set target platform for build' },
  print: { kind: 'string', hidden: true, usage: 'Print result of information request (e.g., outline, targets)' },
  policy: {
    kind: 'array',
    usage:
      'Policy configuration (format: "filename=path[,filename=path][,reset=true|false][,disabled=true|false][,strict=true|false][,log-level=level]")',
  },
  progress: {
    kind: 'string',
    default: 'auto',
    usage:
      'Set type of progress output ("auto", "grouped", "none", "plain", "quiet", "rawjson", "tty"). Use plain to show container output',
  },
  provenance: { kind: 'string', usage: 'Shorthand for "--attest=type=provenance"' },
  pull: { kind: 'bool', usage: 'Always attempt to pull all referenced images' },
  push: { kind: 'bool', usage: 'Shorthand for "--output=type=registry,unpack=false"' },
  quiet: { kind: 'bool', short: 'q', usage: 'Suppress the build output and print image ID on success' },
  sbom: { kind: 'string', usage: 'Shorthand for "--attest=type=sbom"' },
  resource: {
    kind: 'array',
    usage: 'Resource limits for build containers (format: "memory=2g", "cpu-quota=50000")',
  },
  secret: { kind: 'array', usage: 'Secret to expose to the build (format: "id=mysecret[,src=/local/secret]")' },
  'shm-size': { kind: 'string', type: 'bytes', check: parseRamBytes, usage: 'Shared memory size for build containers' },
  ssh: {
    kind: 'array',
    usage: 'SSH agent socket or keys to expose to the build (format: "default|<id>[=<socket>|<key>[,<key>]]")',
  },
  'strict-platform': { kind: 'bool', usage: 'Refuse platforms that no node builds without emulation' },
  tag: { kind: 'array', short: 't', usage: 'Image identifier (format: "[registry/]repository[:tag]")' },
  target: { kind: 'string', usage: 'Set the target build stage to build' },
  ulimit: { kind: 'array', type: 'ulimit', check: parseUlimit, shownDefault: '[]', usage: 'Ulimit options' },

  // What `--resource` came for.
  'cpu-period': { ...legacyResource, usage: 'Limit the CPU CFS (Completely Fair Scheduler) period' },
  'cpu-quota': { ...legacyResource, usage: 'Limit the CPU CFS (Completely Fair Scheduler) quota' },
  'cpu-shares': { ...legacyResource, short: 'c', usage: 'CPU shares (relative weight)' },
  'cpuset-cpus': { ...legacyResource, usage: 'CPUs in which to allow execution ("0-3", "0,1")' },
  'cpuset-mems': { ...legacyResource, usage: 'MEMs in which to allow execution ("0-3", "0,1")' },
  memory: { ...legacyResource, short: 'm', usage: 'Memory limit' },
  'memory-swap': {
    ...legacyResource,
    usage: 'Swap limit equal to memory plus swap: "-1" to enable unlimited swap',
  },

  // The classic builder's: scripts still pass them.
  compress: { ...ignoredBool, usage: 'Compress the build context using gzip' },
  'force-rm': { ...ignoredBool, usage: 'Always remove intermediate containers' },
  isolation: {
    kind: 'string',
    hidden: true,
    usage: 'Container isolation technology',
    warning: 'isolation flag is deprecated with BuildKit.',
  },
  rm: { ...ignoredBool, usage: 'Remove intermediate containers after a successful build' },
  'security-opt': {
    kind: 'list',
    hidden: true,
    usage: 'Security options',
    warning: 'security-opt flag is deprecated. "RUN --security=insecure" should be used with BuildKit.',
  },
  squash: {
    ...ignoredBool,
    usage: 'Squash newly built layers into a single new layer',
    warning:
      'experimental flag squash is removed with BuildKit. You should squash inside build using a multi-stage Dockerfile for efficiency.',
  },
};
