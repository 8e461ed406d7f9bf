import type { SourceLocation } from '../../llb/index.ts';
import { type LineSpan, lineRanges } from '../syntax/index.ts';
import type { ConvertContext } from './context.ts';

/** Where in the Dockerfile an op comes from. */
export function sourceLocation(context: Pick<ConvertContext, 'options'>, lines: LineSpan): SourceLocation {
  return { source: context.options.sourceMap, ranges: lineRanges(lines) };
}
