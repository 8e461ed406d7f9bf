// What a page about one build shows. Plain data: times are milliseconds since the build began, sizes bytes.
import type { RecordMaterial } from '../materials.ts';
import type { StepTitle } from '../timeline/step-title.ts';

export interface ReportModel {
  /** As `history ls` names the build. */
  readonly name: string;
  readonly ref: string;
  readonly builder: string;
  readonly node: string;
  readonly status: BuildStatus;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** Until it ended, or until now while it runs. */
  readonly duration: number;
  /** In the order in which they started; those that never did come last. */
  readonly steps: readonly ReportStep[];
  /** The steps that decided how long it took, first to last. Indices. */
  readonly criticalPath: readonly number[];
  readonly failure: ReportFailure | undefined;
  readonly warnings: readonly ReportWarning[];
  readonly materials: readonly RecordMaterial[];
  readonly parameters: readonly ReportParameters[];
  readonly results: readonly ReportResult[];
  /** What could not be read, in words. */
  readonly gaps: readonly string[];
}

export type BuildStatus = 'completed' | 'failed' | 'canceled' | 'running';

/** `waiting` of steps that never started. */
export type StepState = 'done' | 'cached' | 'failed' | 'canceled' | 'running' | 'waiting';

export interface ReportStep extends StepTitle {
  readonly digest: string;
  readonly state: StepState;
  /** When it ran; empty when it never did. */
  readonly runs: readonly TimeRange[];
  /** When it could have run and did not: its inputs were there. */
  readonly wait: TimeRange | undefined;
  /** Milliseconds that it ran. */
  readonly time: number;
  /** The steps that it needs. Indices. */
  readonly inputs: readonly number[];
  readonly error: string | undefined;
  readonly transfers: readonly ReportTransfer[];
  /** The end of what it wrote. */
  readonly log: readonly string[];
  /** Bytes that it wrote in all. */
  readonly logSize: number;
}

export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

export interface ReportTransfer {
  readonly name: string;
  /** Bytes; 0 when none were counted. */
  readonly size: number;
  readonly time: number;
}

export interface ReportFailure {
  readonly message: string;
  /** Index of the step that failed. */
  readonly step: number | undefined;
  readonly sources: readonly SourceLines[];
}

export interface ReportWarning {
  readonly text: string;
  readonly details: readonly string[];
  readonly url: string | undefined;
  readonly source: SourceLines | undefined;
}

/** Lines of a file, those that something is about marked. */
export interface SourceLines {
  readonly filename: string;
  readonly lines: readonly SourceLine[];
}

export interface SourceLine {
  readonly number: number;
  readonly text: string;
  readonly isMarked: boolean;
}

/** Parameters under a heading. */
export interface ReportParameters {
  readonly title: string;
  readonly entries: readonly { readonly name: string; readonly value: string }[];
}

/** What one platform came to. */
export interface ReportResult {
  /** Empty of a build without platforms of its own. */
  readonly platform: string;
  readonly digest: string;
  readonly mediaType: string;
  /** Bytes of layers, compressed; undefined when they are not known. */
  readonly size: number | undefined;
  readonly layers: readonly { readonly digest: string; readonly size: number }[];
  readonly attestations: readonly { readonly type: string; readonly digest: string }[];
}
