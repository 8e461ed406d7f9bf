// Matches buildx commands/ls.go lsPrint and lsContext: what `--format` of `ls` shows of builders and their nodes.
import type { ListedBuilder, NodeState } from '../../index.ts';
import { builderJson, listedBuilderJson } from './builder-json.ts';
import { type DockerFormat, formatRows } from './docker-format.ts';
import { markedPlatforms } from './platforms.ts';
import { any, bool, field, method, pointer, struct, text } from './template/index.ts';
import { truncatedPlatforms } from './truncated-platforms.ts';

interface Row {
  readonly builder: ListedBuilder;
  /** Undefined for the builder itself. */
  readonly node: NodeState | undefined;
  readonly isTable: boolean;
  readonly truncate: boolean;
}

const INDENT = ' \\_ ';
const TABLE = 'table {{.Name}}\t{{.DriverEndpoint}}\t{{.Status}}\t{{.Buildkit}}\t{{.Platforms}}';
const HEADERS = {
  Name: 'NAME/NODE',
  DriverEndpoint: 'DRIVER/ENDPOINT',
  LastActivity: 'LAST ACTIVITY',
  Status: 'STATUS',
  Buildkit: 'BUILDKIT',
  Platforms: 'PLATFORMS',
};

const builderShape = pointer(
  struct<ListedBuilder>({
    name: 'commands.lsBuilder',
    fields: {
      Name: field(text, ({ name }) => name),
      Driver: field(text, ({ driver }) => driver),
      LastActivity: field(text, activityOf),
      Current: field(bool, ({ current }) => current),
    },
    json: builderJson,
  }),
);

const rowShape = pointer(
  struct<Row>({
    name: 'commands.lsContext',
    fields: {
      Header: field(any, () => undefined),
      Builder: field(builderShape, ({ builder }) => builder),
      format: field(text, () => ''),
      trunc: field(bool, ({ truncate }) => truncate),
      node: field(any, () => undefined),
    },
    methods: {
      Name: method(text, nameCell),
      DriverEndpoint: method(text, endpointCell),
      LastActivity: method(text, ({ builder, node }) => (node === undefined ? activityOf(builder) : '')),
      Status: method(text, ({ builder, node }) => node?.status ?? (builder.error ? 'error' : '')),
      Buildkit: method(text, ({ node }) => node?.version ?? ''),
      Platforms: method(text, platformsCell),
      Error: method(text, ({ builder, node }) => node?.error?.message ?? builder.error?.message ?? ''),
    },
    json: ({ builder }) => listedBuilderJson(builder),
  }),
);

/** Builders in `format`. Throws INVALID_ARGUMENT for a template that is wrong. */
export function builderTable(builders: readonly ListedBuilder[], format: DockerFormat, truncate: boolean): string {
  const { isTable, isJson } = format;
  const rows = builders.flatMap((builder): Row[] => {
    const row = { builder, node: undefined, isTable, truncate };
    return [row, ...(isJson ? [] : builder.nodes.map((node) => ({ ...row, node })))];
  });
  const whole = format.text === 'table' ? { ...format, text: TABLE } : format;
  return formatRows(
    whole,
    rows.map((row) => rowShape.of(row)),
    HEADERS,
  );
}

function activityOf({ lastActivity }: ListedBuilder): string {
  return lastActivity?.toISOString().replace(/\.\d+Z$/, 'Z') ?? '';
}

function nameCell({ builder, node, isTable }: Row): string {
  if (node !== undefined) return `${isTable ? INDENT : ''}${node.name}`;
  return `${builder.name}${builder.current && isTable ? '*' : ''}`;
}

function endpointCell({ builder, node, isTable }: Row): string {
  return node === undefined ? builder.driver : `${isTable ? INDENT : ''}${node.endpoint}`;
}

function platformsCell({ node, isTable, truncate }: Row): string {
  if (node === undefined) return '';
  const platforms = markedPlatforms(node);
  return truncate && isTable ? truncatedPlatforms(platforms) : platforms.join(', ');
}
