// Matches buildx commands/ls.go and builder/builder.go MarshalJSON: one object a line, its members by name.
import { goJson, type GoJsonValue } from '../../base/go-json.ts';
import type { GcPolicy, ListedBuilder, NodeState } from '../../index.ts';

/** A builder with all of its nodes on one line of JSON. */
export function builderJson(builder: ListedBuilder): string {
  const { current, driver, error, lastActivity, name, nodes } = builder;
  return goJson({
    Current: current,
    Driver: driver,
    Dynamic: false,
    Err: error?.message,
    LastActivity: lastActivity?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '0001-01-01T00:00:00Z',
    Name: name,
    // the node of an engine that does not answer is there, and empty
    Nodes: error === undefined ? nodes.map(nodeJson) : [{ Endpoint: '', Name: '' }],
  });
}

function nodeJson(node: NodeState): GoJsonValue {
  const { driverOpts, files, labels, error } = node;
  const data = Object.entries(files).map(([name, bytes]): [string, string] => [
    name,
    Buffer.from(bytes).toString('base64'),
  ]);
  return {
    DriverOpts: map(Object.entries(driverOpts)),
    Endpoint: node.endpoint,
    Err: error?.message,
    Files: map(data),
    Flags: list(node.buildkitdFlags),
    GCPolicy: list(node.gcPolicy.map(ruleJson)),
    IDs: list(node.workerIds),
    Labels: map(Object.entries(labels)),
    Name: node.name,
    Platforms: list(node.platforms),
    ProxyConfig: map(Object.entries(node.proxyConfig)),
    Status: node.status,
    Version: node.version || undefined,
  };
}

function ruleJson(rule: GcPolicy): GoJsonValue {
  return {
    all: rule.all,
    filter: rule.filters.length === 0 ? null : rule.filters,
    keepDuration: rule.keepDuration,
    maxUsedSpace: rule.maxUsedSpace,
    minFreeSpace: rule.minFreeSpace,
    reservedSpace: rule.reservedSpace,
  };
}

function map(entries: readonly [string, string][]): ReadonlyMap<string, string> | undefined {
  return entries.length === 0 ? undefined : new Map(entries);
}

function list(values: readonly GoJsonValue[]): readonly GoJsonValue[] | undefined {
  return values.length === 0 ? undefined : values;
}
