import { assertNever } from '../base/errors.ts';
import { decodeDefinition, dotGraph, dumpDefinition, mermaidGraph } from '../llb/index.ts';
import type { CompiledPlatform } from './compile.ts';

/** `json`: one op a line; `dot` and `mermaid`: the graph as a picture. */
export type LlbTextFormat = 'json' | 'dot' | 'mermaid';

/** Build graphs as text. */
export function formatLlb(
  platforms: readonly Pick<CompiledPlatform, 'platform' | 'definition'>[],
  format: LlbTextFormat,
): string {
  const all = platforms.map(({ platform, definition }) => ({
    platform,
    ops: dumpDefinition(decodeDefinition(definition)),
  }));
  const ops = all.flatMap((each) => each.ops);
  switch (format) {
    case 'json':
      return all.flatMap(({ platform, ops: own }) => own.map((op) => jsonLine(op, platform, all.length))).join('');
    case 'dot':
      return dotGraph(ops);
    case 'mermaid':
      return mermaidGraph(ops);
    default:
      return assertNever(format);
  }
}

/** Which platform an op belongs to is only said where there are several. */
function jsonLine(op: object, platform: string, platforms: number): string {
  return `${JSON.stringify(platforms > 1 ? { ...op, platform } : op)}\n`;
}
