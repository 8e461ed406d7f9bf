// Matches buildx commands/inspect.go. Tools read this text line by line: nothing of it may change.
import { alignColumns } from '../../base/columns.ts';
import { decodeBytes } from '../../base/go-bytes.ts';
import { formatGoDuration } from '../../base/go-duration.ts';
import { formatGoTime, utcTime } from '../../base/go-time.ts';
import { goQuote } from '../../base/go-quote.ts';
import type { BuilderState, CdiDevice, GcPolicy, NodeState } from '../../index.ts';
import { binarySize } from './byte-size.ts';
import { markedPlatforms } from './platforms.ts';

/** A builder and its nodes as text; `debug` also tells what the nodes can do. */
export function builderText(builder: BuilderState, options: { readonly debug: boolean }): string {
  const { name, driver, lastActivity, error, nodes } = builder;
  const head = [
    `Name:\t${name}`,
    `Driver:\t${driver}`,
    ...(lastActivity === undefined
      ? []
      : [`Last Activity:\t${formatGoTime(utcTime(BigInt(lastActivity.getTime()) * 1_000_000n))}`]),
  ];
  const rest =
    error !== undefined
      ? [`Error:\t${error.message}`]
      : ['', 'Nodes:', ...nodes.flatMap((node, at) => [...(at === 0 ? [] : ['']), ...nodeLines(node, options.debug)])];
  const rows = [...head, ...rest].flatMap((line) => line.split('\n')).map((line) => line.split('\t'));
  return alignColumns(rows, 1);
}

function nodeLines(node: NodeState, debug: boolean): string[] {
  const { driverOpts, buildkitdFlags, version, error } = node;
  const options = sorted(driverOpts).map(([name, value]) => `${name}=${goQuote(value)}`);
  const head = [
    `Name:\t${node.name}`,
    `Endpoint:\t${node.endpoint}`,
    ...(options.length === 0 ? [] : [`Driver Options:\t${options.join(' ')}`]),
  ];
  if (error !== undefined) return [...head, `Error:\t${error.message}`];
  const platforms = markedPlatforms(node);
  return [
    ...head,
    `Status:\t${node.status}`,
    ...(buildkitdFlags.length === 0 ? [] : [`BuildKit daemon flags:\t${buildkitdFlags.join(' ')}`]),
    ...(version === '' ? [] : [`BuildKit version:\t${version}`]),
    ...(platforms.length === 0 ? [] : [`Platforms:\t${platforms.join(', ')}`]),
    ...(debug ? ['Features:', ...sorted(node.features).map(([name, has]) => `\t${name}:\t${has}`)] : []),
    ...block('Labels:', sorted(node.labels)),
    ...(node.devices.length === 0 ? [] : ['Devices:', ...node.devices.flatMap(deviceLines)]),
    ...node.gcPolicy.flatMap((rule, at) => [`GC Policy rule#${at}:`, ...ruleLines(rule)]),
    ...sorted(node.files).flatMap(([name, data]) => [
      `File#${name}:`,
      ...decodeBytes(data)
        .split('\n')
        .map((line) => `\t> ${line}`),
    ]),
  ];
}

function deviceLines({ name, onDemand, autoAllow, annotations }: CdiDevice): string[] {
  return [
    `\tName:\t${name}`,
    onDemand ? '\tOn-Demand:\ttrue' : `\tAutomatically allowed:\t${autoAllow}`,
    ...block('Annotations:', sorted(annotations)).map((line) => `\t${line}`),
  ];
}

function ruleLines(rule: GcPolicy): string[] {
  const sizes = [
    ['Reserved Space', rule.reservedSpace],
    ['Max Used Space', rule.maxUsedSpace],
    ['Min Free Space', rule.minFreeSpace],
  ] as const;
  return [
    `\tAll:\t${rule.all}`,
    ...(rule.filters.length === 0 ? [] : [`\tFilters:\t${rule.filters.join(' ')}`]),
    ...(rule.keepDuration > 0n ? [`\tKeep Duration:\t${formatGoDuration(rule.keepDuration)}`] : []),
    ...sizes.filter(([, size]) => size > 0n).map(([what, size]) => `\t${what}:\t${binarySize(size)}`),
  ];
}

/** Nothing at all where there is nothing to tell. */
function block(title: string, entries: readonly (readonly [string, string])[]): string[] {
  return entries.length === 0 ? [] : [title, ...entries.map(([name, value]) => `\t${name}:\t${value}`)];
}

function sorted<T>(map: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(map).toSorted(([a], [b]) => (a < b ? -1 : 1));
}
