// Runs a cluster of one node in mount and process namespaces of its own, and takes everything down again when its stdin ends.
// Arguments: the plan as JSON. Inside of the namespaces it starts itself again with `inside` before it. Prints a line when
// all parts were started.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nodeParts, type NodePlan } from './node-parts.ts';

const CGROUPS = '/sys/fs/cgroup';

if (process.argv[2] === 'inside') inside(planOf(process.argv[3]));
else outside(planOf(process.argv[2]));

function planOf(text: string | undefined): NodePlan {
  // written by cluster.ts
  return JSON.parse(text ?? '') as NodePlan;
}

/** The first process of the namespace: when it ends, all others do. */
function inside(plan: NodePlan): void {
  const env = { ...process.env, PATH: `${plan.programs}:${process.env['PATH'] ?? ''}` };
  for (const { name, program, args } of nodeParts(plan)) {
    const log = openSync(join(plan.work, `${name}.log`), 'a');
    const start = (): ChildProcess => spawn(program, args, { stdio: ['ignore', log, log], env });
    // the kubelet gives up when containerd is not there yet, the others when the API server is not
    const restart = (child: ChildProcess): void => {
      child.once('exit', () => setTimeout(() => restart(start()), 500));
    };
    restart(start());
  }
  console.log('started');
  process.stdin.resume().on('end', () => process.exit(0));
}

function outside(plan: NodePlan): void {
  const hierarchies = readdirSync(CGROUPS).filter(
    (name) => !['unified', 'cpu,cpuacct', 'net_cls,net_prio'].includes(name),
  );
  if (!hierarchies.includes('cpuset'))
    throw new Error('Kubernetes 1.20 needs cgroups of version 1: this machine has version 2');
  for (const hierarchy of hierarchies) {
    const dir = join(CGROUPS, hierarchy, plan.cgroup);
    mkdirSync(dir, { recursive: true });
    if (hierarchy !== 'cpuset') continue;
    for (const name of ['cpuset.cpus', 'cpuset.mems']) {
      writeFileSync(join(dir, name), readFileSync(join(CGROUPS, hierarchy, name), 'utf8'));
    }
  }
  const ip = (...args: string[]): void => void execFileSync('busybox', ['ip', ...args], { stdio: 'pipe' });
  process.env['PATH'] = `${join(plan.programs, '../engine')}:${process.env['PATH'] ?? ''}`;
  ip('link', 'add', plan.bridge, 'type', 'bridge');
  ip('addr', 'add', `${plan.address}/24`, 'dev', plan.bridge);
  ip('link', 'set', plan.bridge, 'up');
  const namespaces = ['--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--propagation', 'private'];
  const own = [process.execPath, import.meta.filename, 'inside', JSON.stringify(plan)];
  const child = spawn('unshare', [...namespaces, ...own], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.once('exit', () => void cleanUp(plan, () => ip('link', 'del', plan.bridge)));
  const stop = (): void => void child.kill('SIGKILL');
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
  process.stdin.resume().on('end', stop).on('error', stop);
}

async function cleanUp(plan: NodePlan, removeBridge: () => void): Promise<void> {
  removeBridge();
  // what was killed is in its cgroup until it is gone
  for (let tries = 0; tries < 100; tries += 1) {
    const left = readdirSync(CGROUPS).filter((hierarchy) => !removeCgroup(join(CGROUPS, hierarchy, plan.cgroup)));
    if (left.length === 0) break;
    await delay(50);
  }
  rmSync(plan.work, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  process.exit(0);
}

/** False when something is still in it. */
function removeCgroup(dir: string): boolean {
  try {
    if (!existsSync(dir)) return true;
    const inner = readdirSync(dir, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const isEmpty = inner.map((entry) => removeCgroup(join(dir, entry.name))).every(Boolean);
    if (isEmpty) rmdirSync(dir);
    return isEmpty;
  } catch {
    return false;
  }
}
