// How command lines are read, and where a build comes from.
import { type FlagRows, rows } from './rows.ts';

export const commandRows: readonly FlagRows[] = [
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
    build --build-context a= TAIL
    build --build-context a=target:b TAIL
    build --build-context '' TAIL
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
];
