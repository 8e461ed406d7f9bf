// Run as `buildkitd`: takes its arguments, and leads to the BuildKit of the engine at TSBUILDX_TEST_ENGINE_SOCKET.
import { appendFileSync, existsSync, rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { bridgeTo, engineDialer } from './buildkitd.ts';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    addr: { type: 'string' },
    'otel-socket-path': { type: 'string' },
    config: { type: 'string' },
    debug: { type: 'boolean' },
    nonsense: { type: 'boolean' },
  },
});
const { env, argv } = process;
// how often it was started, and with what
if (env['FAKE_BUILDKITD_STARTS'] !== undefined) {
  appendFileSync(env['FAKE_BUILDKITD_STARTS'], `${argv.slice(2).join(' ')}\n`);
}
if (values.nonsense === true) fail('flag provided but not defined: -nonsense');
if (values.config !== undefined && !existsSync(values.config)) fail(`no ${values.config}`);
const path = (values.addr ?? '').replace(/^unix:\/\//, '');
rmSync(path, { force: true });
bridgeTo(engineDialer(env['TSBUILDX_TEST_ENGINE_SOCKET'] ?? '')).listen(path);
process.on('SIGTERM', () => process.exit(0));

function fail(text: string): never {
  process.stderr.write(`${text}\n`);
  process.exit(1);
}
