// The list of warnings after a build. Matches printWarnings in buildx commands/build.go.
import type { VertexWarning } from '../buildkit/control/index.ts';
import { goJson } from '../base/go-json.ts';
import { sourceExcerpt } from '../base/source-excerpt.ts';
import { warningJson } from './rawjson.ts';

/** The warnings without those that several steps told in the same words, in order of appearance. */
export function distinctWarnings(warnings: readonly VertexWarning[]): VertexWarning[] {
  const distinct = new Map<string, VertexWarning>();
  for (const warning of warnings) {
    const source = warning.sourceInfo && { ...warning.sourceInfo, definition: undefined };
    const key = goJson(warningJson({ ...warning, vertex: '', sourceInfo: source }));
    if (!distinct.has(key)) distinct.set(key, { ...warning, sourceInfo: source });
  }
  return [...distinct.values()];
}

export interface WarningListOptions {
  /** Show details, links and source lines. */
  readonly expanded: boolean;
  readonly colored: boolean;
}

/** The list as text, empty without warnings. */
export function warningList(warnings: readonly VertexWarning[], { expanded, colored }: WarningListOptions): string {
  if (warnings.length === 0) return '';
  const count = warnings.length === 1 ? '1 warning found' : `${warnings.length} warnings found`;
  const title = `${count}${expanded ? '' : ' (use docker --debug to expand)'}:\n`;
  const items = warnings.map((warning) => warningItem(warning, expanded));
  return `\n ${colored ? `\u001b[33m${title}\u001b[0m` : title}${items.join('')}`;
}

function warningItem(warning: VertexWarning, expanded: boolean): string {
  const short = ` - ${textOf(warning.short)}\n`;
  if (!expanded) return short;
  const detail = warning.detail.map((line) => `${textOf(line)}\n`).join('');
  const link = warning.url ? `More info: ${warning.url}\n` : '';
  const { sourceInfo, range } = warning;
  const excerpt = sourceInfo === undefined || range.length === 0 ? '' : sourceExcerpt({ ...sourceInfo, ranges: range });
  return `${short}${detail}${link}${excerpt}\n`;
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString();
}
