// Matches buildx commands/ls.go and builder/builder.go MarshalJSON: its members by name.
import type { GoJsonValue } from '../../base/go-json.ts';
import type { GcPolicy, ListedBuilder, NodeState } from '../../index.ts';

type GoJsonObject = Readonly<Record<string, GoJsonValue | undefined>>;

/** A builder with all of its nodes, as `ls` shows it: sorted by names. */
export function listedBuilderJson(builder: ListedBuilder): GoJsonValue {
  return sorted({ ...builderJson(builder), Current: builder.current });
}

/** A builder with all of its nodes. */
export function builderJson({ driver, dynamic, error, lastActivity, name, nodes }: ListedBuilder): GoJsonObject {
  return {
    Name: name,
    Driver: driver,
    LastActivity: lastActivity?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '0001-01-01T00:00:00Z',
    Dynamic: dynamic,
    // the node of an engine that does not answer is there, and empty
    Nodes: error === undefined ? nodes.map(nodeJson) : [{ Name: '', Endpoint: '' }],
    Err: error?.message,
  };
}

function nodeJson(node: NodeState): GoJsonValue {
  const { driverOpts, files, labels, error } = node;
  const data = Object.entries(files).map(([name, bytes]): [string, string] => [
    name,
    Buffer.from(bytes).toString('base64'),
  ]);
  return {
    Name: node.name,
    Endpoint: node.endpoint,
    Flags: list(node.buildkitdFlags),
    DriverOpts: map(Object.entries(driverOpts)),
    Files: map(data),
    Status: node.status,
    ProxyConfig: map(Object.entries(node.proxyConfig)),
    Version: node.version || undefined,
    Err: error?.message,
    IDs: list(node.workerIds),
    Platforms: list(node.platforms),
    GCPolicy: list(node.gcPolicy.map(ruleJson)),
    Labels: map(Object.entries(labels)),
  };
}

function ruleJson(rule: GcPolicy): GoJsonValue {
  return {
    all: rule.all,
    filter: rule.filters.length === 0 ? null : rule.filters,
    keepDuration: rule.keepDuration,
    reservedSpace: rule.reservedSpace,
    maxUsedSpace: rule.maxUsedSpace,
    minFreeSpace: rule.minFreeSpace,
  };
}

/** Objects as maps, at every depth. */
function sorted(value: GoJsonValue): GoJsonValue {
  if (typeof value !== 'object' || value === null || value instanceof Map) return value;
  if (isList(value)) return value.map(sorted);
  const known = Object.entries(value).flatMap(([name, member]): [string, GoJsonValue][] =>
    member === undefined ? [] : [[name, sorted(member)]],
  );
  return new Map(known);
}

function isList(value: object): value is readonly GoJsonValue[] {
  return Array.isArray(value);
}

function map(entries: readonly [string, string][]): ReadonlyMap<string, string> | undefined {
  return entries.length === 0 ? undefined : new Map(entries);
}

function list(values: readonly GoJsonValue[]): readonly GoJsonValue[] | undefined {
  return values.length === 0 ? undefined : values;
}
