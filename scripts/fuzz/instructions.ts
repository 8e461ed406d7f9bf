import type { Random } from './random.ts';
import { images, name, pair, path, platforms, remotes, stages, strange, word } from './words.ts';

type Texts = readonly [string, ...string[]];

const mounts: Texts = [
  'type=bind,target=/m',
  'type=bind,source=a,target=/m,from=base',
  'from=alpine,target=/x',
  'type=cache,target=/c',
  'type=cache,target=/c,id=$A,sharing=locked',
  'type=cache,dst=c,from=build,source=s,mode=0700,uid=1,gid=2',
  'type=tmpfs,target=/t',
  'type=tmpfs,target=/t,size=64m',
  'type=secret,id=s',
  'type=secret,id=s,env=E',
  'type=secret,env=E',
  'type=secret,id=s,target=/s,required=true,mode=0400',
  'type=ssh',
  'type=ssh,id=k,mode=0600',
  'type=bind,rw,target=.',
  'type=bind,ro=false,target=a',
  'type=cache,target=/c,sharing=bad',
  'type=nope',
  'target=/dev/shm',
  'type=secret,target=/a/b,uid=x',
  'type=cache',
  'type=bind',
  '',
  'type=bind,target=/,source=/',
  'type=cache,target=/$B,id=${foo}',
  'type=bind,target="/a b"',
  'type=tmpfs,target=/t,size=1q',
  'type=bind,from=0,target=/z',
  'type=secret,id=a,required',
  'type=cache,target=/d,ro',
  'type=ssh,target=/agent,required',
];
const runFlags: Texts = [
  '--network=none',
  '--network=host',
  '--network=default',
  '--network=x',
  '--security=insecure',
  '--security=sandbox',
  '--security=y',
  '--device=vendor/class=dev',
  '--device=name=a,required=false',
  '--device=a/b',
  '--device',
  '--network',
  '--unknown=1',
  '--',
  '--mount',
  '--device=name=x,required',
  '--device=x=y,z',
];
const copyFlags: Texts = [
  '--from=base',
  '--from=0',
  '--from=alpine',
  '--from=$A',
  '--from=BUILD',
  '--from=9',
  '--from=',
  '--link',
  '--link=false',
  '--link=true',
  '--chmod=0755',
  '--chmod=u+x,g=r',
  '--chmod=999',
  '--chmod=$A',
  '--chown=1:2',
  '--chown=a:b',
  '--chown=$A',
  '--chown=1:2:3',
  '--chown=:5',
  '--parents',
  '--parents=false',
  '--exclude=*.md',
  '--exclude=a/b',
  '--exclude=!x',
  '--exclude=$A',
  '--checksum=sha256:' + 'b'.repeat(64),
  '--checksum=md5:1',
  '--keep-git-dir',
  '--keep-git-dir=true',
  '--unpack',
  '--unpack=false',
  '--unpack=true',
  '--nope',
  '--from=scratch',
  '--from=context',
  '--from=golden/other:1',
  '--chmod=',
  '--link --link',
  '--from=-1',
];
const healthFlags: Texts = [
  '--interval=5s',
  '--timeout=1m30s',
  '--start-period=0s',
  '--start-interval=1s',
  '--retries=3',
  '--retries=-1',
  '--interval=1us',
  '--interval=x',
  '--retries=x',
  '--timeout=-1s',
  '--interval=0',
  '--start-interval=1h1ms',
];
const keywords: Texts = [
  'ADD',
  'ARG',
  'CMD',
  'COPY',
  'ENTRYPOINT',
  'ENV',
  'EXPOSE',
  'FROM',
  'HEALTHCHECK',
  'LABEL',
  'MAINTAINER',
  'ONBUILD',
  'RUN',
  'SHELL',
  'STOPSIGNAL',
  'USER',
  'VOLUME',
  'WORKDIR',
  'NOPE',
];
const commands: Texts = [
  'make',
  'echo $A "${B}"',
  'apt-get update && apt-get install -y x',
  '["a", "b"]',
  '["a" ,"b',
  '[]',
  '',
  'x # y',
  "['a']",
  '["a\\n\\u00e9"]',
  'set -e; \\\n  ls; \\\n# c\n  true',
  'a \\\n\n b',
  'true\t',
  '["cmd", 1]',
  '[ "a" ] x',
  'echo \\$A',
  'exit',
];
const ports: Texts = [
  '80',
  '80/tcp',
  '8000-8010',
  '53/udp',
  '53/UDP',
  '80:80',
  '0',
  '70000',
  '80/xyz',
  '$A',
  '80/sctp',
  '9-1',
  '1.2.3.4:80:80',
  'a',
  '${A:-80}/tcp',
  '80-90:80-90',
  '"80"',
  '+80',
  '080',
  '80/',
  '[::1]:1:2',
];
const signals: Texts = [
  'SIGTERM',
  'TERM',
  '9',
  '0',
  '65',
  'SIGRTMIN+3',
  'sigkill',
  'SIGNOPE',
  '$A',
  '-1',
  '" 9"',
  'RTMAX-1',
  'SIGRTMAX-15',
];
const users: Texts = ['root', '1000:1000', '$A', '"a b"', '', 'a:b:c', '${foo:-u}'];

/** One instruction; it may go over several lines. */
export function instruction(random: Random): string {
  const keyword = random.pick(keywords);
  const text = `${cased(keyword, random)} ${body(keyword, random)}`;
  return random.chance(0.02) ? `${text}${strange(random)}` : text;
}

export function from(random: Random): string {
  const platform = random.chance(0.25) ? `--platform=${random.pick(platforms)} ` : '';
  const base = random.chance(0.4) ? random.pick(stages) : random.pick(images);
  const as = random.chance(0.6) ? ` ${random.pick(['AS', 'as', 'As'])} ${random.pick(stages)}` : '';
  return `${cased('FROM', random)} ${platform}${base}${as}`;
}

function cased(keyword: string, random: Random): string {
  if (random.chance(0.9)) return keyword;
  return random.chance(0.5) ? keyword.toLowerCase() : keyword[0] + keyword.slice(1).toLowerCase();
}

function body(keyword: string, random: Random): string {
  switch (keyword) {
    case 'FROM':
      return from(random).replace(/^\S+ /, '');
    case 'ADD':
      return `${flags(copyFlags, random)}${sources(random)}`;
    case 'COPY':
      return `${flags(copyFlags, random)}${sources(random)}`;
    case 'RUN':
      return `${flags(runFlags, random)}${mountFlags(random)}${random.chance(0.2) ? heredoc(random) : random.pick(commands)}`;
    case 'ENV':
    case 'LABEL':
      return [pair(random), ...random.some(3, () => pair(random))].join(' ');
    case 'ARG':
      return [argument(random), ...random.some(2, () => argument(random))].join(' ');
    case 'ONBUILD':
      return instruction(random);
    case 'HEALTHCHECK':
      return random.chance(0.2)
        ? 'NONE'
        : `${flags(healthFlags, random)}${random.pick(['CMD', 'cmd', 'NONE', 'X', ''])} ${random.pick(commands)}`;
    case 'EXPOSE':
      return [random.pick(ports), ...random.some(2, () => random.pick(ports))].join(' ');
    case 'STOPSIGNAL':
      return random.pick(signals);
    case 'USER':
      return random.pick(users);
    case 'VOLUME':
      return random.chance(0.5) ? `["${path(random)}"]` : path(random);
    case 'SHELL':
      return random.pick(['["bash","-c"]', '["powershell", "-Command"]', '[]', 'bash', '["a"']);
    case 'WORKDIR':
      return path(random);
    default:
      return random.pick(commands);
  }
}

function flags(list: Texts, random: Random): string {
  return random.chance(0.5) ? random.some(3, () => `${random.pick(list)} `).join('') : '';
}

function mountFlags(random: Random): string {
  return random.chance(0.4) ? random.some(3, () => `--mount=${random.pick(mounts)} `).join('') : '';
}

function argument(random: Random): string {
  return random.chance(0.4) ? name(random) : pair(random);
}

function sources(random: Random): string {
  if (random.chance(0.12)) return heredoc(random, path(random));
  if (random.chance(0.1)) return JSON.stringify([path(random), path(random)]);
  const list = [source(random), ...random.some(2, () => source(random)), path(random)];
  return list.join(' ');
}

function source(random: Random): string {
  return random.chance(0.2) ? random.pick(remotes) : path(random);
}

function heredoc(random: Random, after = ''): string {
  const mark = random.pick(['EOF', 'E', '"EOF"', "'x'", '"a', 'EO$A']);
  const dash = random.chance(0.3) ? '-' : '';
  const end = random.chance(0.95) ? mark.replace(/["']/g, '') : 'OTHER';
  const shebang = random.chance(0.2) ? '#!/bin/sh\n' : '';
  const lines = random.some(3, () => `${dash === '' ? '' : '\t'}${word(random)} ${name(random)}`);
  const command = random.chance(0.2) ? 'cat ' : '';
  return `${command}<<${dash}${mark} ${after}\n${shebang}${lines.join('\n')}\n${end}`;
}
