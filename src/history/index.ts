export { importedUrl, recordUrl, type RecordUrlOptions } from './desktop-url.ts';
export type { Change as RecordChange } from './diff/changes.ts';
export type { BuildDiff, ComparedBuild, DockerfileDiff, StepDiff, StepRun } from './diff/compare-builds.ts';
export type { StepReason } from './diff/step-reason.ts';
export { diffRecords, type DiffRecordsOptions } from './diff-records.ts';
export { exportRecords, type ExportRecordsOptions } from './export-records.ts';
export { importBundles, type ImportBundlesOptions } from './import-bundles.ts';
export { type HistoryContext, type HistoryOptions, historyQuery } from './history-options.ts';
export {
  type FoundRecord,
  type History,
  type HistoryNode,
  noRecord,
  openHistory,
  type RecordQuery,
} from './open-history.ts';
export { recordedStatus, type RecordedStatusOptions } from './recorded-status.ts';
export { removeRecords, type RemoveRecordsOptions } from './remove-records.ts';
export { listRecords, type ListRecordsOptions, type ListedRecord } from './list-records.ts';
export {
  type InspectedAttachment,
  type InspectedRecord,
  inspectRecord,
  type InspectRecordOptions,
  type RecordStatus,
} from './inspect-record.ts';
export type { RecordMaterial } from './materials.ts';
export { recordAttachment, type RecordAttachmentOptions } from './record-attachment.ts';
export type { NamedValue, RecordAttributes, RecordConfig } from './record-attributes.ts';
export type { RecordError } from './record-error.ts';
export { jaegerJson } from './jaeger.ts';
export { buildReport, type ReportOptions } from './report/read-report.ts';
export type {
  BuildStatus,
  ReportFailure,
  ReportModel,
  ReportParameters,
  ReportResult,
  ReportStep,
  ReportTransfer,
  ReportWarning,
  SourceLine,
  SourceLines,
  StepState,
  TimeRange,
} from './report/report-model.ts';
export { reportPage } from './report/report-page.ts';
export { reportFileName, writeReport } from './report/write-report.ts';
export {
  type Attribute as RecordedAttribute,
  type AttributeValue as RecordedValue,
  readSpans,
  type Span as RecordedSpan,
  type SpanEvent as RecordedSpanEvent,
  type SpanKind as RecordedSpanKind,
  type SpanRef,
} from './spans.ts';
export { type StepTitle } from './timeline/step-title.ts';
export { type BuildTrace } from './trace/load-trace.ts';
export { loadTraces, type LoadTracesOptions } from './trace/load-traces.ts';
export { serveTraces, type ServeTracesOptions, type TraceServer } from './trace/serve-traces.ts';
