// Matches buildx commands/history/inspect.go: what `history inspect` shows without a format.
import { alignColumns } from '../../base/columns.ts';
import { formatGoTime } from '../../base/go-time.ts';
import type { InspectedRecord, NamedValue, RecordConfig, RecordError } from '../../index.ts';
import { fixed } from '../../progress/index.ts';
import { binarySize } from './byte-size.ts';
import { localTime } from './local-time.ts';
import { recordDuration } from './record-duration.ts';
import { errorSources, errorStack } from './record-error-text.ts';

export interface RecordTextOptions {
  /** What the user calls the program: `docker buildx`. */
  readonly program: string;
  /** The reference is not what the user gave. */
  readonly showsRef: boolean;
  /** Show where in the daemon's code it failed. */
  readonly debug: boolean;
}

type Row = readonly [head: string, text: string];

export function recordText(record: InspectedRecord, options: RecordTextOptions): string {
  const { buildArgs, labels, namedContexts, ref, url, error } = record;
  return [
    table(origin(record, options)),
    '\n',
    listOf('Named Context', namedContexts),
    table(course(record)),
    '\n',
    table(settings(record.config)),
    '\n',
    listOf('Build Arg', buildArgs),
    listOf('Label', labels),
    materials(record),
    attachments(record),
    error === undefined ? '' : failure(error, options),
    `Print build logs: ${options.program} history logs ${ref}\n`,
    `View build in Docker Desktop: ${url}\n`,
  ].join('');
}

function origin(record: InspectedRecord, { showsRef }: RecordTextOptions): readonly Row[] {
  return given([
    ['Name:', record.name],
    ['Ref:', showsRef ? record.ref : ''],
    ['Context:', record.context],
    ['Dockerfile:', record.dockerfile],
    ['VCS Repository:', record.vcsRepository],
    ['VCS Revision:', record.vcsRevision],
    ['Target:', record.target],
    ['Platforms:', record.platforms.join(', ')],
    ['Keep Git Dir:', flag(record.keepGitDir)],
  ]);
}

function course(record: InspectedRecord): readonly Row[] {
  const { startedAt = 0n, duration, status, error, numCachedSteps, numCompletedSteps, numTotalSteps } = record;
  const cached = numTotalSteps === 0 ? 'NaN' : fixed((numCachedSteps / numTotalSteps) * 100, 0);
  const outcome: readonly Row[] =
    status === 'failed'
      ? [['Error:', `${error?.codeName ?? ''} ${error?.message ?? ''}`]]
      : status === 'canceled'
        ? [['Status:', 'Canceled']]
        : [];
  return [
    ['Started:', formatGoTime(localTime(startedAt)).slice(0, 'yyyy-mm-dd hh:mm:ss'.length)],
    ['Duration:', `${recordDuration(duration)}${status === 'running' ? ' (running)' : ''}`],
    ...outcome,
    ['Build Steps:', `${numCompletedSteps}/${numTotalSteps} (${cached}% cached)`],
  ];
}

function settings(config: RecordConfig): readonly Row[] {
  return [
    ...given([
      ['Network:', config.network],
      ['Hostname:', config.hostname],
      ['Extra Hosts:', config.extraHosts.join(', ')],
      ['Cgroup Parent:', config.cgroupParent],
      ['Image Resolve Mode:', config.imageResolveMode],
      ['Multi-Platform:', flag(config.multiPlatform)],
      ['No Cache:', flag(config.noCache)],
      ['No Cache Filter:', config.noCacheFilter.join(', ')],
      ['Shm Size:', config.shmSize],
      ['Resource Limits:', config.ulimit],
      ['Memory:', sizeOf(config.memory)],
      ['Memory Swap:', sizeOf(config.memorySwap)],
      ['CPU Shares:', config.cpuShares],
      ['CPU Period:', config.cpuPeriod],
      ['CPU Quota:', config.cpuQuota],
      ['CPUSet CPUs:', config.cpusetCpus],
      ['CPUSet Mems:', config.cpusetMems],
      ['Cache Mount Namespace:', config.cacheMountNs],
      ['Dockerfile Check Config:', config.dockerfileCheckConfig],
      ['Source Date Epoch:', config.sourceDateEpoch],
      ['Sandbox Hostname:', config.sandboxHostname],
    ]),
    ...config.rest.map(({ name, value }): Row => [`${name}:`, value]),
  ];
}

function given(rows: readonly Row[]): readonly Row[] {
  return rows.filter(([, text]) => text !== '');
}

function flag(value: boolean): string {
  return value ? 'true' : '';
}

/** Bytes for people; what is no size (`-1`: without limit) as it is. */
function sizeOf(bytes: string): string {
  return /^\+?\d+$/.test(bytes) && BigInt(bytes) < 2n ** 63n ? binarySize(BigInt(bytes)) : bytes;
}

function listOf(title: string, values: readonly NamedValue[]): string {
  if (values.length === 0) return '';
  return `${table([[title.toUpperCase(), 'VALUE'], ...values.map(({ name, value }): Row => [name, value])])}\n`;
}

function materials({ materials: all }: InspectedRecord): string {
  if (all.length === 0) return '';
  return `Materials:\n${table([['URI', 'DIGEST'], ...all.map(({ uri, digests }) => [uri, digests.join(', ')])])}\n`;
}

function attachments({ attachments: all }: InspectedRecord): string {
  if (all.length === 0) return '';
  const rows = all.map(({ digest, platform, type }) => [digest, platform, type]);
  return `Attachments:\n${table([['DIGEST', 'PLATFORM', 'TYPE'], ...rows])}\n`;
}

function failure(error: RecordError, { debug }: RecordTextOptions): string {
  const { logs, stepName } = error;
  const stack = errorStack(error);
  return [
    errorSources(error),
    logs.length === 0 ? '' : `Logs:\n> => ${stepName}:\n${logs.map((line) => `> ${line}\n`).join('')}\n`,
    stack === '' ? '' : debug ? `\n${stack}\n` : 'Enable --debug to see stack traces for error\n',
  ].join('');
}

/** Cells may have newlines and tabs, which part rows and cells as all others do. */
function table(rows: readonly (readonly string[])[]): string {
  const lines = rows.flatMap((row) => row.join('\t').split('\n'));
  return alignColumns(
    lines.map((line) => line.split('\t')),
    1,
    { least: 1, tabs: true },
  );
}
