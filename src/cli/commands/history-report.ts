import { resolve } from 'node:path';
import type { FlagsFor } from '../flags/definition.ts';
import { type Command, type CommandContext, defineCommand } from './command.ts';
import { whileBooting } from './show-boot.ts';

interface ReportFlagValues {
  readonly output: string;
}

const flags: FlagsFor<ReportFlagValues> = {
  output: {
    kind: 'string',
    short: 'o',
    default: '',
    usage: 'File to write, "-" for stdout (default "build-report-REF.html")',
  },
};

export const historyReportCommand: Command = defineCommand<ReportFlagValues>({
  name: 'report',
  aliases: [],
  synopsis: '[OPTIONS] [REF]',
  summary: 'Make a page that shows a build record',
  arity: { most: 1 },
  flags,
  usesBuilder: true,
  run: runReport,
});

async function runReport(
  { output }: ReportFlagValues,
  { args, builder, invocation, signal }: CommandContext,
): Promise<void> {
  const [{ buildReport, reportPage }, { pageFooter }] = await Promise.all([
    import('../../index.ts'),
    import('../version.ts'),
  ]);
  const options = { builder, docker: invocation.docker, ref: args[0] };
  const report = await whileBooting((onStatus) => buildReport(options, { signal, onStatus }));
  const page = await reportPage(report, pageFooter);
  if (output === '-') {
    process.stdout.write(page);
    return;
  }
  const { reportFileName, writeReport } = await import('../../index.ts');
  const file = output === '' ? reportFileName(report.ref) : output;
  await writeReport(resolve(file), page);
  process.stderr.write(`Report of build ${report.ref} written to ${file}\n`);
}
