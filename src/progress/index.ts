export { errorExcerpts, errorReport } from './error-report.ts';
export {
  chooseProgressMode,
  createProgress,
  type Progress,
  type ProgressMode,
  type ProgressOptions,
} from './progress.ts';
export { statusJson, warningJson } from './rawjson.ts';
export { StepLogs } from './step-logs.ts';
export { distinctWarnings, warningList } from './warnings.ts';
export { fixed } from './numbers.ts';
export { textWidth } from './tty/cell-width.ts';
