import { isCanceled, type ProgressModel, type Step } from './model.ts';

/** The output of every failed step between lines of dashes, as it stands at the end of the progress. */
export function failedStepLogs(model: ProgressModel, linesOf: (step: Step) => readonly string[]): string {
  return model.steps
    .filter((step) => step.error !== '' && !isCanceled(step))
    .map(
      (step) =>
        `------\n > ${step.name}:\n${linesOf(step)
          .map((line) => `${line}\n`)
          .join('')}------\n`,
    )
    .join('');
}
