export {
  type BuildMeter,
  measureCommand,
  type MeasuredBuild,
  type MeasuredEvent,
  type MeasureOptions,
  type StartBuildMeter,
} from './measure-command.ts';
export { traceCommand, type TraceOptions } from './trace-command.ts';
