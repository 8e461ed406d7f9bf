// Command lines to which both programs must react alike, a group for each flag. Words stand between spaces; '…' keeps what
// is in it together. `TAIL` stands for what makes the rest a build that succeeds.

export interface FlagRows {
  readonly flag: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly rows: readonly string[];
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

const rows = (flag: string, text: string, more: Omit<FlagRows, 'flag' | 'rows'> = {}): FlagRows => ({
  flag,
  rows: lines(text),
  ...more,
});

export const flagRows: readonly FlagRows[] = [
  rows(
    'words and arguments',
    `
    build
    build a b
    build . .
    build TAIL
    b TAIL
    build --nope .
    build -Z .
    build -qZ .
    build --no .
    build --- .
    build --=x .
    build ---x .
    build -=x .
    build -- . .
    build -o type=cacheonly -- -q
    build . -- -q
    build -- .
    build . -o type=cacheonly
    build . -o type=cacheonly --
    build -o type=cacheonly -- .
    build -o type=cacheonly ''
    build -o type=cacheonly nowhere
    build -o type=cacheonly ./nowhere
    build -o type=cacheonly Dockerfile
    build sub -o type=cacheonly
    build ./sub/ -o type=cacheonly
    build -f
    build . --tag
    build . -t
    build . -qt
    build --tag --label TAIL
    build -t -q TAIL
    build -t=a TAIL
    build -ta TAIL
    build -t a TAIL
    build -qta TAIL
    build -q=true TAIL
    build -q=maybe TAIL
    build -q=0 TAIL
    build -fother.Dockerfile TAIL
    build -f=other.Dockerfile TAIL
    build -f other.Dockerfile -f sub/Dockerfile TAIL
    build --file other.Dockerfile TAIL
    build --pull=1 TAIL
    build --pull=T TAIL
    build --pull=false TAIL
    build --pull=FALSE TAIL
    build --pull=yes TAIL
    build --pull= TAIL
    build --pull true TAIL
    build --pull --pull=false TAIL
    build --TAG a TAIL
    build --tag-a TAIL
    `,
  ),
  rows(
    'root',
    `
    nope
    --nope
    -x
    build --builder
    build --builder nope .
    build --builder=nope .
    --builder nope build .
    --builder=nope build --builder recorder TAIL
    --builder recorder build --builder=nope .
    build --builder RECORDER TAIL
    build --builder '' TAIL
    build --builder 'a b' .
    build --builder 1a .
    build --builder ../x .
    -D=false build TAIL
    --debug=false build TAIL
    build --debug=false TAIL
    build -D=maybe .
    --debug=maybe build .
    -Dq build .
    build --help=maybe .
    `,
  ),
  rows(
    'add-host',
    `
    build --add-host a:1.2.3.4 TAIL
    build --add-host a=1.2.3.4 TAIL
    build --add-host a:1.2.3.4,b:5.6.7.8 TAIL
    build --add-host a=1.2.3.4,5.6.7.8 TAIL
    build --add-host '"a=1.2.3.4,5.6.7.8"' TAIL
    build --add-host a:1.2.3.4 --add-host b:::1 TAIL
    build --add-host a:[::1] TAIL
    build --add-host a=[::1] TAIL
    build --add-host a=::1 TAIL
    build --add-host a:[1.2.3.4] TAIL
    build --add-host a: TAIL
    build --add-host :1.2.3.4 TAIL
    build --add-host a TAIL
    build --add-host a=b TAIL
    build --add-host a=1.2.3 TAIL
    build --add-host a=1.2.3.04 TAIL
    build --add-host a=fe80::1%eth0 TAIL
    build --add-host a=::ffff:1.2.3.4 TAIL
    build --add-host a:host-gateway TAIL
    build --add-host a=1.2.3.4,host-gateway TAIL
    build --add-host '' TAIL
    build --add-host '"' TAIL
    build --add-host 'a"b' TAIL
    build --add-host 'a b:1.2.3.4' TAIL
    build --add-host a=b=1.2.3.4 TAIL
    build --add-host a:1.2.3.4, TAIL
    `,
  ),
  rows(
    'allow',
    `
    build --allow network.host TAIL
    build --allow security.insecure TAIL
    build --allow network.host --allow security.insecure TAIL
    build --allow network.host,security.insecure TAIL
    build --allow network.host --allow network.host TAIL
    build --allow device TAIL
    build --allow device= TAIL
    build --allow device=nvidia.com/gpu TAIL
    build --allow device=nvidia.com/gpu=all TAIL
    build --allow device=vendor.com/dev,alias=dev TAIL
    build --allow device=vendor.com/dev,alias TAIL
    build --allow device=vendor.com/dev,nope=1 TAIL
    build --allow device=a,b=c,d TAIL
    build --allow 'device="a' TAIL
    build --allow nope TAIL
    build --allow '' TAIL
    build --allow = TAIL
    build --allow network.host= TAIL
    build --allow network.host=true TAIL
    build --allow security.insecure=x TAIL
    build --allow network.none TAIL
    build --allow NETWORK.HOST TAIL
    build --allow ssh TAIL
    build --allow fs.read=. TAIL
    `,
  ),
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
    'build-context',
    `
    build --build-context a=docker-image://busybox TAIL
    build --build-context a=sub TAIL
    build --build-context context=sub TAIL
    build --build-context dockerfile=sub TAIL
    build --build-context a=sub --build-context b=sub TAIL
    build --build-context a=sub --build-context a=. TAIL
    build --build-context docker.io/library/a:latest=sub TAIL
    build --build-context a:1=sub TAIL
    build --build-context a/b:latest=docker-image://x TAIL
    build --build-context a@sha256:0000000000000000000000000000000000000000000000000000000000000000=docker-image://x TAIL
    build --build-context a=https://example.com/x.tar.gz TAIL
    build --build-context a=https://github.com/a/b.git TAIL
    build --build-context a=https://github.com/a/b.git#main:dir TAIL
    build --build-context a=git@github.com:a/b.git TAIL
    build --build-context a=github.com/a/b TAIL
    build --build-context a TAIL
    build --build-context =sub TAIL
    build --build-context A=sub TAIL
    build --build-context 'a b=sub' TAIL
    build --build-context a:=sub TAIL
    build --build-context a/=sub TAIL
    build --build-context -a=sub TAIL
    build --build-context a=nowhere TAIL
    build --build-context '' TAIL
    `,
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
    'file',
    `
    build -f '' TAIL
    build -f sub/Dockerfile TAIL
    build -f ./sub/../other.Dockerfile TAIL
    build -f only-lower/Dockerfile TAIL
    build -o type=cacheonly only-lower
    `,
  ),
  rows(
    'file from stdin',
    `
    build -f - TAIL
    build -o type=cacheonly -
    build -o type=cacheonly -f - -
    build -o type=cacheonly -f other.Dockerfile -
    `,
    { stdin: 'FROM scratch\nLABEL from=stdin\n' },
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
    'cache-from and cache-to',
    `
    build --cache-from user/app:cache TAIL
    build --cache-from a,b --cache-from c TAIL
    build --cache-from '"a"' TAIL
    build --cache-from 'a,"b,c"' TAIL
    build --cache-from 'a,"b' TAIL
    build --cache-from '' --cache-to '' TAIL
    build --cache-from type=registry,ref=a,X=y TAIL
    build --cache-from type=registry TAIL
    build --cache-from type=registry,nope TAIL
    build --cache-from type=local TAIL
    build --cache-from type=nope,a=b --cache-from type=azblob,name=n TAIL
    build --cache-from TYPE=inline,a= TAIL
    build --cache-to user/app:cache TAIL
    build --cache-to type=registry,ref=a,mode=max --cache-to type=inline TAIL
    build --cache-to type=registry TAIL
    build --cache-to type=local TAIL
    build --cache-to type=local,dest=out,mode=max TAIL
    build --cache-to type=nope,a=b TAIL
    build --cache-to type=gha --cache-from type=gha TAIL
    build --cache-to type=gha,token=t TAIL
    build --cache-to type=gha,token=t,url=u --cache-from type=gha,token=t,url_v2=u TAIL
    build --cache-to type=s3,access_key_id=a,secret_access_key=b TAIL
    build --build-arg BUILDKIT_INLINE_CACHE=1 TAIL
    build --build-arg BUILDKIT_INLINE_CACHE=1 --cache-to type=inline,mode=max TAIL
    build --build-arg BUILDKIT_INLINE_CACHE=0 TAIL
    build --build-arg BUILDKIT_INLINE_CACHE=yes TAIL
    build --cache-from a --build-arg BUILDKIT_SYNTAX=other TAIL
    build --call check --cache-from nope,a=b .
    `,
  ),
  ...[
    { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_CACHE_URL: 'u', ACTIONS_RESULTS_URL: 'r' },
    { ACTIONS_RUNTIME_TOKEN: 't', ACTIONS_RESULTS_URL: 'r', ACTIONS_CACHE_SERVICE_V2: 'true' },
    { ACTIONS_RUNTIME_TOKEN: '', ACTIONS_CACHE_URL: 'u', ACTIONS_CACHE_SERVICE_V2: 'nope' },
  ].map((env) =>
    rows(
      `caches with ${Object.keys(env).join(' ')}`,
      `
      build --cache-to type=gha,mode=max --cache-from type=gha TAIL
      build --cache-to type=gha,version=2 --cache-from type=gha,version=1 TAIL
      build --cache-to type=gha,token=own,url=mine --cache-from type=gha,url_v2=mine TAIL
      `,
      { env },
    ),
  ),
  rows(
    'caches with keys of AWS',
    `
    build --cache-to type=s3,bucket=b --cache-from type=s3,bucket=b TAIL
    build --cache-to type=s3,access_key_id=own --cache-from type=s3,session_token=own TAIL
    build --cache-to type=s3,access_key_id=own,secret_access_key=mine TAIL
    `,
    {
      env: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'secret', AWS_SESSION_TOKEN: 'session' },
    },
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
    'pull, load and push',
    `
    build --pull TAIL
    build --push .
    build --push -t a .
    build --push -t a -t localhost:5000/b:c .
    build --push -o type=image .
    build --push -o type=image,name=a .
    build --push -o type=registry,name=a .
    build --push -o type=image,unpack=true -t a .
    build --push=false TAIL
    build --push -t a -o type=local,dest=out .
    `,
  ),
  rows(
    'tag',
    `
    build -t a TAIL
    build -t a -o type=image .
    build -t a:b -o type=image .
    build -t a:b -t c -o type=image .
    build -t localhost:5000/a/b:c -o type=image .
    build -t docker.io/library/a:latest -o type=image .
    build -t A TAIL
    build -t a:B -o type=image .
    build -t a: TAIL
    build -t :a TAIL
    build -t '' TAIL
    build -t 'a b' TAIL
    build -t a@sha256:0000000000000000000000000000000000000000000000000000000000000000 -o type=image .
    build -t a:b@sha256:0000000000000000000000000000000000000000000000000000000000000000 -o type=image .
    build -t a@sha256:00 TAIL
    build -t 0000000000000000000000000000000000000000000000000000000000000000 -o type=image .
    build -t a,b -o type=image .
    build -t a/ TAIL
    build -t -a TAIL
    build -t https://a/b TAIL
    build -t a--b -o type=image .
    build -t a..b TAIL
    build -t a_b.c-d/e__f -o type=image .
    build -t HOST/a -o type=image .
    build -t host.com:80/a -o type=image .
    build -t host.com:x/a TAIL
    `,
  ),
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
  rows(
    'progress and quiet',
    `
    build --progress plain TAIL
    build --progress tty TAIL
    build --progress auto TAIL
    build --progress none TAIL
    build --progress quiet TAIL
    build --progress rawjson TAIL
    build --progress loud .
    build --progress '' TAIL
    build --progress PLAIN .
    build -q TAIL
    build -q --progress plain .
    build -q --progress rawjson .
    build -q --progress tty .
    build -q --progress none TAIL
    build -q --progress quiet TAIL
    build -q --progress auto TAIL
    build -q --progress loud .
    build --progress plain --progress quiet TAIL
    `,
  ),
  rows(
    'BUILDKIT_PROGRESS, wrong',
    `
    build TAIL
    build --progress plain TAIL
    build -q TAIL
    `,
    { env: { BUILDKIT_PROGRESS: 'loud' } },
  ),
  rows(
    'BUILDKIT_PROGRESS=quiet',
    `
    build TAIL
    build --progress plain TAIL
    `,
    { env: { BUILDKIT_PROGRESS: 'quiet' } },
  ),
  rows(
    'result files',
    `
    build --iidfile nowhere/iid TAIL
    build --iidfile iid -o type=local,dest=out .
    build --iidfile iid -o type=tar,dest=out.tar .
    build --iidfile iid -o out .
    build --iidfile '' TAIL
    build --iidfile sub TAIL
    build --metadata-file nowhere/metadata TAIL
    build --metadata-file '' TAIL
    build --metadata-file sub TAIL
    `,
  ),
  rows(
    'call',
    `
    build --call build TAIL
    build --call '' TAIL
    build --call nope,nope .
    build --call outline,x=y .
    build --call outline,format .
    build --call check,ignorestatus=maybe .
    build --call '"' .
    build --call ,ignorestatus= .
    build --check=maybe .
    build --check=false TAIL
    build --print '' TAIL
    build --print nope,nope .
    `,
  ),
  rows(
    'accepted and ignored',
    `
    build --compress TAIL
    build --compress=false TAIL
    build --compress=x .
    build --force-rm TAIL
    build --rm TAIL
    build --rm=false TAIL
    build --rm=x .
    build --squash TAIL
    build --squash=false TAIL
    build --isolation process TAIL
    build --isolation '' TAIL
    build --isolation .
    build --security-opt label=disable TAIL
    build --security-opt a,b --security-opt c TAIL
    build --security-opt '"' .
    build --security-opt seccomp=x --isolation y --squash TAIL
    `,
  ),
  rows(
    'output',
    `
    build -o type=image .
    build -o type=image,name=a .
    build -o type=image,name=a,push=true .
    build -o type=image,push=true .
    build -o type=registry .
    build -o type=registry,name=a .
    build -o type=registry,name=a,unpack=true .
    build -o TYPE=image,Name=a .
    build -o ' type=image' .
    build -o type=image,a .
    build -o type= .
    build -o dest=x .
    build -o type=local .
    build -o type=local,dest= .
    build -o type=local,dest=- .
    build -o type=local,dest=Dockerfile .
    build -o Dockerfile .
    build -o type=tar,dest=sub .
    build -o type=tar,dest=out.tar .
    build -o type=tar .
    build -o - .
    build -o type=oci,dest=out.oci.tar .
    build -o type=oci,dest=sub .
    build -o type=oci,tar=false .
    build -o type=docker,dest=out.tar .
    build -o type=docker,dest=sub .
    build -o type=docker,tar=false .
    build -o type=cacheonly .
    build -o '' TAIL
    build -o , .
    build -o '"' .
    build -o 'a,b' .
    build -o 'type=image,"annotation.a=b,c"' .
    build -o - -o type=tar .
    build -o type=image -o type=cacheonly .
    build -o type=local,dest=out --load=false .
    `,
  ),
];

/** Command lines where the daemon, or a Dockerfile, has the last word. */
export const engineRows: readonly string[] = lines(`
  build -qfalse TAIL
  build -ftnope TAIL
  build -f nowhere.Dockerfile TAIL
  build -f nowhere/Dockerfile TAIL
  build --target 0 -f stages.Dockerfile TAIL
  build --target nope -f stages.Dockerfile TAIL
  build --build-arg BUILDKIT_MULTI_PLATFORM=x TAIL
  build --label 'a b=c' TAIL
  build -o type=nope .
  build --platform linux/amd64,linux/arm64 TAIL
  build --add-host a:host-gateway TAIL
  build --builder '' TAIL
  build --builder default TAIL
  build --network none TAIL
  build --allow security.insecure TAIL
  build --allow device=nope TAIL
  build --cgroup-parent x TAIL
  build --push .
  build --iidfile iid TAIL
  build --metadata-file sub/metadata TAIL
`);

/** Command lines that the docker CLI passes on. */
export const pluginRows: readonly string[] = lines(`
  nope
  nope --help
  --nope
  build
  build a b
  build TAIL
  build --nope .
  build -Z .
  build -t
  build --pull=maybe .
  build -q --progress plain .
  build --shm-size x .
  build --ulimit nope=1 .
  build --builder nope .
  build --allow nope TAIL
  version --nope
  version a
`);
