export { traceCommand, type TraceOptions } from './trace-command.ts';
