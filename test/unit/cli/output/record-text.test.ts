import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { goJsonIndented } from '../../../../src/base/go-json-indent.ts';
import { recordShape } from '../../../../src/cli/output/record-shapes.ts';
import { recordText } from '../../../../src/cli/output/record-text.ts';
import { jsonOf } from '../../../../src/cli/output/template/index.ts';
import { recordAttributes } from '../../../../src/history/record-attributes.ts';
import type { InspectedRecord } from '../../../../src/index.ts';

const resources = {
  memory: '1073741824',
  memswap: '-1',
  cpushares: '5',
  cpuperiod: '6',
  cpuquota: '7',
  cpusetcpus: '0-1',
  cpusetmems: '0',
};
const options = { program: 'docker buildx', showsRef: true, debug: false };

function recordOf(attrs: Readonly<Record<string, string>>, more: Partial<InspectedRecord> = {}): InspectedRecord {
  return {
    ...recordAttributes(attrs, undefined, '/'),
    builder: 'b',
    node: 'n',
    ref: 'r',
    url: 'docker-desktop://dashboard/build/b/n/r',
    startedAt: 0n,
    completedAt: undefined,
    duration: 0n,
    status: 'running',
    error: undefined,
    numCompletedSteps: 0,
    numTotalSteps: 0,
    numCachedSteps: 0,
    materials: [],
    attachments: [],
    ...more,
  };
}

/** The settings in the middle of the text. */
function settingsOf(attrs: Readonly<Record<string, string>>): string[] {
  return recordText(recordOf(attrs), options).split('\n\n')[2]?.split('\n') ?? [];
}

describe('history inspect', () => {
  it('shows resources as people read them', () => {
    assert.deepEqual(settingsOf(resources), [
      'Memory:\t\t1GiB',
      'Memory Swap:\t-1',
      'CPU Shares:\t5',
      'CPU Period:\t6',
      'CPU Quota:\t7',
      'CPUSet CPUs:\t0-1',
      'CPUSet Mems:\t0',
    ]);
  });

  it('shows which stages were built without cache', () => {
    assert.deepEqual(settingsOf({ 'no-cache': 'one,two' }), ['No Cache Filter:\tone, two']);
    assert.deepEqual(settingsOf({ 'no-cache': '' }), ['No Cache:\ttrue']);
  });

  it('gives resources as they were sent in JSON', () => {
    const { Config } = JSON.parse(goJsonIndented(jsonOf(recordShape.of(recordOf(resources))))) as { Config: unknown };
    assert.deepEqual(Config, {
      Memory: '1073741824',
      MemorySwap: '-1',
      CPUShares: '5',
      CPUPeriod: '6',
      CPUQuota: '7',
      CPUSetCPUs: '0-1',
      CPUSetMems: '0',
    });
  });

  it('leaves a build without steps uncounted, and rows of a text with newlines apart', () => {
    const text = recordText(
      recordOf(
        {},
        {
          status: 'failed',
          error: {
            code: 2,
            codeName: 'Unknown',
            message: 'one\ntwo',
            stepName: '',
            logs: [],
            sources: [],
            stack: undefined,
          },
        },
      ),
      options,
    );
    assert.match(text, /^Error:\t+Unknown one\ntwo\nBuild Steps:\t0\/0 \(NaN% cached\)$/m);
  });

  it('shows traces of the daemon for debugging only', () => {
    const frames = [{ name: 'f', file: 'f.go', line: 7 }];
    const stack = {
      message: 'why',
      traces: [{ pid: 1, version: 'v', revision: '', cmdline: ['buildkitd', '-x'], frames }],
    };
    const error = { code: 2, codeName: 'Unknown', message: 'why', stepName: 's', logs: ['l'], sources: [], stack };
    const shown = (debug: boolean): string =>
      recordText(recordOf({}, { status: 'failed', error }), { ...options, debug });
    assert.match(shown(false), /Logs:\n> => s:\n> l\n\nEnable --debug to see stack traces for error\n/);
    assert.match(shown(true), /\nwhy\n1 v buildkitd -x\nf\n\tf\.go:7\n\n\n/);
  });
});
