import type { GoJsonValue } from '../../base/go-json.ts';
import { rangesField } from '../../base/go-json-fields.ts';
import { type LineSpan, lineRanges } from '../syntax/index.ts';

/** Lines of the one source file. */
export function locationField(lines: LineSpan): GoJsonValue {
  return { ranges: rangesField(lineRanges(lines)) };
}
