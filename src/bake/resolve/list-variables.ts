// Matches the variables that buildx bake/hclparser lists.
import { constraintName, convertValue, isPrimitive, stringType, type Type, type Value } from '../cty/index.ts';
import type { ListedVariable } from '../model/list.ts';
import type { VariableDefinition } from './definitions.ts';
import { typedJson } from './typed-json.ts';

/** A variable with its value as text; `type` is the one that it was given. */
export function listedVariable(
  { name, description }: VariableDefinition,
  type: Type | undefined,
  value: Value,
): ListedVariable {
  return {
    name,
    description,
    type: type === undefined ? '' : constraintName(type),
    value: value.isNull ? undefined : valueText(type, value),
  };
}

function valueText(type: Type | undefined, value: Value): string {
  if (type === undefined && isPrimitive(value.type)) return convertValue(value, stringType).asString();
  const json = jsonOrNothing(value, type ?? value.type);
  return type?.kind === 'string' ? json.replace(/^"+|"+$/g, '') : json;
}

/** What JSON has no form for is shown as nothing. */
function jsonOrNothing(value: Value, type: Type): string {
  try {
    return typedJson(value, type);
  } catch {
    return '';
  }
}
