export { type DockerTemplate, dockerTemplate, goTemplate } from './docker-template.ts';
export { type Functions, templateFunction } from './run/functions.ts';
export { anyType, stringType } from './values/go-type.ts';
export type { BoundFunction, GoValue } from './values/go-value.ts';
export { stringValue } from './values/go-value.ts';
export { jsonOf, jsonText } from './values/json.ts';
export {
  any,
  bool,
  bytes,
  dictionary,
  embedded,
  field,
  float64,
  int,
  int32,
  int64,
  list,
  method,
  namedText,
  pointer,
  type Shape,
  struct,
  text,
} from './values/shape.ts';
export { duration, time } from './values/time.ts';
