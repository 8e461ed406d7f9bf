// What the session serves, and what goes with a result: secrets, agents, caches, attestations, annotations.
import { type FlagRows, rows } from './rows.ts';

export const serviceRows: readonly FlagRows[] = [
  rows(
    'secret',
    `
    build --secret id=a,src=secret.txt TAIL
    build --secret id=a,source=secret.txt TAIL
    build --secret id=a,src=secret.txt,type=file TAIL
    build --secret id=a,env=FROM_ENV TAIL
    build --secret id=a,type=env,env=FROM_ENV TAIL
    build --secret id=FROM_ENV TAIL
    build --secret type=env,id=FROM_ENV TAIL
    build --secret ID=a,SRC=secret.txt TAIL
    build --secret id=a,src=nowhere TAIL
    build --secret id=nowhere TAIL
    build --secret src=secret.txt TAIL
    build --secret id=a,src=secret.txt,x=y TAIL
    build --secret id=a,type=x TAIL
    build --secret id TAIL
    build --secret '' TAIL
    build --secret id=a,src=secret.txt --secret id=a,env=FROM_ENV TAIL
    `,
    { env: { FROM_ENV: 'from env' } },
  ),
  rows(
    'ssh',
    `
    build --ssh default TAIL
    build --ssh default=nowhere TAIL
    build --ssh a=secret.txt TAIL
    build --ssh a=sub TAIL
    build --ssh default --ssh default TAIL
    build --ssh '' TAIL
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
    build --cache-from user/app,other/app TAIL
    build --cache-from type=registry,ref=user/app TAIL
    build --cache-from type=registry,ref=a --cache-from b TAIL
    build --cache-from type=gha TAIL
    build --cache-from type=s3,region=r,bucket=b,access_key_id=x,secret_access_key=y TAIL
    build --cache-from type=nope,x=y TAIL
    build --cache-from type= TAIL
    build --cache-from ref=a TAIL
    build --cache-from x=y,ref=a TAIL
    build --cache-from '' TAIL
    build --cache-from TYPE=registry,REF=a TAIL
    build --cache-to type=inline TAIL
    build --cache-to type=registry,ref=a,mode=max TAIL
    build --cache-to type=inline --cache-to type=registry,ref=a TAIL
    build --cache-to type=gha,mode=max TAIL
    build --cache-to mode=max TAIL
    build --build-arg BUILDKIT_INLINE_CACHE=x TAIL
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
    'attest, provenance and sbom',
    `
    build --attest type=provenance TAIL
    build --attest type=provenance,mode=max TAIL
    build --attest type=provenance,disabled=true TAIL
    build --attest type=provenance,disabled=false TAIL
    build --attest type=provenance,disabled=x TAIL
    build --attest type=sbom TAIL
    build --attest type=sbom,generator=a/b TAIL
    build --attest type=sbom --attest type=sbom,generator=x TAIL
    build --attest mode=max TAIL
    build --attest type= TAIL
    build --attest x TAIL
    build --attest '' TAIL
    build --attest 'type=sbom,"a=b,c"' TAIL
    build --provenance true TAIL
    build --provenance=false TAIL
    build --provenance 0 TAIL
    build --provenance mode=max TAIL
    build --provenance mode=min,inline-only=true TAIL
    build --provenance max TAIL
    build --provenance '' TAIL
    build --provenance true --provenance false TAIL
    build --sbom true TAIL
    build --sbom false TAIL
    build --sbom generator=x TAIL
    build --sbom x TAIL
    build --sbom true --provenance mode=max --attest type=sbom,a=b TAIL
    `,
  ),
  rows(
    'BUILDX_NO_DEFAULT_ATTESTATIONS',
    `
    build TAIL
    build --provenance mode=max TAIL
    `,
    { env: { BUILDX_NO_DEFAULT_ATTESTATIONS: '1' } },
  ),
  rows('BUILDX_NO_DEFAULT_ATTESTATIONS, wrong', 'build TAIL', { env: { BUILDX_NO_DEFAULT_ATTESTATIONS: 'x' } }),
  rows(
    'annotation',
    `
    build --annotation a=b -o type=image,name=x .
    build --annotation manifest:a=b -o type=image,name=x .
    build --annotation index:a=b -o type=image,name=x .
    build --annotation index,manifest:a=b -o type=image,name=x .
    build --annotation manifest-descriptor:a=b -o type=image,name=x .
    build --annotation index-descriptor:a=b -o type=image,name=x .
    build --annotation manifest[linux/amd64]:a=b -o type=image,name=x .
    build --annotation manifest[nope/x/y/z]:a=b -o type=image,name=x .
    build --annotation nope:a=b -o type=image,name=x .
    build --annotation a -o type=image,name=x .
    build --annotation =b -o type=image,name=x .
    build --annotation '' -o type=image,name=x .
    build --annotation a=b=c --annotation a=d -o type=image,name=x .
    build --annotation a=b TAIL
    build --annotation a=b -o type=local,dest=out .
    `,
  ),
];
