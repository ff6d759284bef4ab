export { compileRule } from './celRules';
export { checkStructure } from './checkStructure';
export {
  fieldError,
  type FieldError,
  type FieldErrorReason,
} from './fieldErrors';
export { FORMATS } from './formats';
export { cloneJson, isObject, jsonEqual, type JsonObject } from './json';
export type { SchemaNode, SchemaReferences } from './schemaNode';
export { shapeObject } from './shapeObject';
export { validateAgainstSchema } from './validateAgainstSchema';
