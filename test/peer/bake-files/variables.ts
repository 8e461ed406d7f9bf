import type { BakeCase } from './bake-case.ts';

export const variablesCases: readonly BakeCase[] = [
  {
    title: 'a bool variable that is none',
    files: {
      'docker-bake.hcl': `variable "A" { default=true }
target "t" { args={A=A} }`,
    },
    args: ['t'],
    env: { A: 'maybe' },
  },
  {
    title: 'a list variable without a type',
    files: {
      'docker-bake.hcl': `variable "A" { default=["a"] }
target "t" { tags=A }`,
    },
    args: ['t'],
    env: { A: 'b,c' },
  },
  {
    title: 'a list variable as CSV',
    files: {
      'docker-bake.hcl': `variable "A" { type=list(string) default=["a"] }
target "t" { tags=A }`,
    },
    args: ['t'],
    env: { A: 'b,c' },
  },
  {
    title: 'a list variable as JSON',
    files: {
      'docker-bake.hcl': `variable "A" { type=list(string) default=["a"] }
target "t" { tags=A }`,
    },
    args: ['t'],
    env: { A_JSON: '["b","c"]' },
  },
  {
    title: 'a map variable as JSON',
    files: {
      'docker-bake.hcl': `variable "A" { type=map(string) default={} }
target "t" { args=A }`,
    },
    args: ['t'],
    env: { A_JSON: '{"x":"y"}' },
  },
  {
    title: 'a number variable that is none',
    files: {
      'docker-bake.hcl': `variable "A" { type=number }
target "t" { args={A=A} }`,
    },
    args: ['t'],
    env: { A: 'abc' },
  },
  {
    title: 'optional attributes of an object variable',
    files: {
      'docker-bake.hcl': `variable "A" { type=object({a=string,b=optional(number,3)}) default={a="x"} }
target "t" { args={A=A.a,B=A.b} }`,
    },
    args: ['t'],
  },
  {
    title: 'a validation that fails',
    files: {
      'docker-bake.hcl': `variable "A" { default="x"
 validation {
 condition=A!="x"
 error_message="must not be x: \${A}"
 }
 }
target "t" { args={A=A} }`,
    },
    args: ['t'],
  },
  {
    title: 'a validation of no value',
    files: {
      'docker-bake.hcl': `variable "A" {
 validation {
 condition=A!=""
 error_message="m"
 }
}
target "t" { args={A=A} }`,
    },
    args: ['t'],
  },
  {
    // of several the reference names the one that Go's map has first
    title: 'a variable that needs itself',
    files: {
      'docker-bake.hcl': `variable "A" { default="x\${A}" }
target "t" { args={A=A} }`,
    },
    args: ['t'],
  },
  {
    title: 'an attribute of the file and the environment',
    files: {
      'docker-bake.hcl': `A="glob"
target "t" { args={A=A} }`,
    },
    args: ['t'],
    env: { A: 'env' },
  },
  {
    title: 'null',
    files: {
      'docker-bake.hcl': `variable "A" { default=null }
target "t" { args={A=A} tags=[A==null?"n":"y"] }`,
    },
    args: ['t'],
  },
];
