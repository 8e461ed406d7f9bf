import {
  dynamicType,
  type FunctionParameter,
  listType,
  numberType,
  setType,
  stringType,
  type Type,
} from '../cty/index.ts';

type Allowance = Omit<FunctionParameter, 'name' | 'type'>;

/** A parameter that takes everything, null and unknown too. */
export const anything: Allowance = { allowsNull: true, allowsUnknown: true, allowsDynamic: true };

/** A parameter of that type, which neither null nor what is unknown reaches unless allowed. */
export function parameter(name: string, type: Type = dynamicType, allowance: Allowance = {}): FunctionParameter {
  return { name, type, ...allowance };
}

export function text(name: string): FunctionParameter {
  return parameter(name, stringType);
}

export function number(name: string): FunctionParameter {
  return parameter(name, numberType);
}

export function texts(name: string): FunctionParameter {
  return parameter(name, listType(stringType));
}

export function setOf(name: string): FunctionParameter {
  return parameter(name, setType(dynamicType), { allowsDynamic: true });
}
