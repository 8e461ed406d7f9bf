// What is shown, and where results go.
import { type FlagRows, rows } from './rows.ts';

export const resultRows: readonly FlagRows[] = [
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
