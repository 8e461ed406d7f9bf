// What changes the steps of a build.
import { type FlagRows, rows } from './rows.ts';

export const stepRows: readonly FlagRows[] = [
  rows(
    'build-arg',
    `
    build --build-arg A=1 TAIL
    build --build-arg A= TAIL
    build --build-arg A=b=c TAIL
    build --build-arg FROM_ENV TAIL
    build --build-arg UNSET TAIL
    build --build-arg EMPTY TAIL
    build --build-arg =x TAIL
    build --build-arg '' TAIL
    build --build-arg A=1 --build-arg A=2 TAIL
    build --build-arg 'A=a b' TAIL
    build --build-arg A=1,B=2 TAIL
    build --build-arg 'A=ä' TAIL
    build --build-arg ' A=1' TAIL
    build --build-arg 1=2 TAIL
    build --build-arg SOURCE_DATE_EPOCH=1 TAIL
    build --build-arg BUILDKIT_MULTI_PLATFORM=1 TAIL
    build --build-arg BUILDKIT_MULTI_PLATFORM=0 TAIL
    build --build-arg BUILDKIT_SYNTAX TAIL
    build --build-arg BUILDKIT_INLINE_BUILDINFO_ATTRS=1 TAIL
    build --build-arg __proto__=1 TAIL
    build --build-arg constructor=1 TAIL
    `,
    { env: { FROM_ENV: 'from env', EMPTY: '' } },
  ),
  rows(
    'SOURCE_DATE_EPOCH',
    `
    build TAIL
    build --build-arg SOURCE_DATE_EPOCH=2 TAIL
    build --build-arg SOURCE_DATE_EPOCH= TAIL
    build --build-arg SOURCE_DATE_EPOCH TAIL
    `,
    { env: { SOURCE_DATE_EPOCH: '1700000000' } },
  ),
  rows(
    'label',
    `
    build --label a=b TAIL
    build --label a TAIL
    build --label a= TAIL
    build --label =b TAIL
    build --label '' TAIL
    build --label a=b=c --label a=d TAIL
    build --label 'a=b,c=d' TAIL
    build --label FROM_ENV TAIL
    `,
    { env: { FROM_ENV: 'from env' } },
  ),
  rows(
    'cgroup-parent',
    `
    build --cgroup-parent x TAIL
    build --cgroup-parent '' TAIL
    build --cgroup-parent a --cgroup-parent b TAIL
    `,
  ),
  rows(
    'network',
    `
    build --network host TAIL
    build --network none TAIL
    build --network default TAIL
    build --network '' TAIL
    build --network bridge TAIL
    build --network HOST TAIL
    build --network 'a"b' TAIL
    build --network host --network none TAIL
    build --network host --allow network.host TAIL
    `,
  ),
  rows(
    'no-cache',
    `
    build --no-cache TAIL
    build --no-cache=false TAIL
    build --no-cache-filter a TAIL
    build --no-cache-filter a,b TAIL
    build --no-cache-filter a --no-cache-filter b TAIL
    build --no-cache-filter '' TAIL
    build --no-cache --no-cache-filter a TAIL
    build --no-cache=false --no-cache-filter a TAIL
    build --no-cache=x .
    `,
  ),
  rows(
    'platform',
    `
    build --platform linux/amd64 TAIL
    build --platform linux/arm64 TAIL
    build --platform linux/amd64,linux/arm64 TAIL
    build --platform linux/amd64 --platform linux/arm64 TAIL
    build --platform linux/amd64,linux/amd64 TAIL
    build --platform local TAIL
    build --platform LOCAL TAIL
    build --platform amd64 TAIL
    build --platform arm64 TAIL
    build --platform linux TAIL
    build --platform linux/arm/v7 TAIL
    build --platform linux/arm TAIL
    build --platform linux/arm64/v8 TAIL
    build --platform linux/amd64/v2 TAIL
    build --platform linux/x86_64 TAIL
    build --platform linux/aarch64 TAIL
    build --platform Linux/AMD64 TAIL
    build --platform windows/amd64 TAIL
    build --platform darwin TAIL
    build --platform all TAIL
    build --platform nope TAIL
    build --platform linux/ TAIL
    build --platform /amd64 TAIL
    build --platform a/b/c/d TAIL
    build --platform 'linux amd64' TAIL
    build --platform 'linux/amd64, linux/arm64' TAIL
    build --platform '' TAIL
    build --platform , TAIL
    build --platform linux/386 TAIL
    build --platform linux/i386 TAIL
    build --platform linux/riscv64 TAIL
    `,
  ),
  rows(
    'DOCKER_DEFAULT_PLATFORM',
    `
    build TAIL
    build --platform linux/amd64 TAIL
    build --platform '' TAIL
    `,
    { env: { DOCKER_DEFAULT_PLATFORM: 'linux/arm/v7' } },
  ),
  rows('DOCKER_DEFAULT_PLATFORM, wrong', 'build TAIL', { env: { DOCKER_DEFAULT_PLATFORM: 'no/no/no/no' } }),
  rows(
    'target',
    `
    build --target second -f stages.Dockerfile TAIL
    build --target SECOND -f stages.Dockerfile TAIL
    build --target '' -f stages.Dockerfile TAIL
    `,
  ),
  rows(
    'shm-size',
    `
    build --shm-size 64m TAIL
    build --shm-size 64M TAIL
    build --shm-size 64MB TAIL
    build --shm-size 64MiB TAIL
    build --shm-size '64 mb' TAIL
    build --shm-size '64  mb' TAIL
    build --shm-size 1.5g TAIL
    build --shm-size .5k TAIL
    build --shm-size 5.k TAIL
    build --shm-size 1e3 TAIL
    build --shm-size 1e3k TAIL
    build --shm-size 0 TAIL
    build --shm-size -1 TAIL
    build --shm-size -1k .
    build --shm-size x .
    build --shm-size '' .
    build --shm-size 1x .
    build --shm-size 1mbx .
    build --shm-size 1.2.3 .
    build --shm-size 1p TAIL
    build --shm-size 1e .
    build --shm-size 64b TAIL
    build --shm-size 0x10 .
    build --shm-size ' 64m' .
    build --shm-size '64m ' .
    build --shm-size 64m --shm-size 32m TAIL
    `,
  ),
  rows(
    'ulimit',
    `
    build --ulimit nofile=1024 TAIL
    build --ulimit nofile=1024:2048 TAIL
    build --ulimit nofile=-1 TAIL
    build --ulimit nofile=10:-1 TAIL
    build --ulimit nofile=-1:10 .
    build --ulimit nofile=2048:1024 .
    build --ulimit nofile=1:2:3 .
    build --ulimit nofile= .
    build --ulimit nofile=: .
    build --ulimit nofile=1: .
    build --ulimit nofile .
    build --ulimit '' .
    build --ulimit =1 .
    build --ulimit nope=1 .
    build --ulimit NOFILE=1 .
    build --ulimit nofile=x .
    build --ulimit nofile=1:x .
    build --ulimit nofile=x:1 .
    build --ulimit nofile=99999999999999999999 .
    build --ulimit nofile=+5 TAIL
    build --ulimit nproc=5 --ulimit nofile=6 --ulimit nproc=7 TAIL
    build --ulimit as=1 .
    build --ulimit core=0:0 TAIL
    `,
  ),
];
