export {
  cloneJson,
  isObject,
  jsonEqual,
  type JsonObject,
} from '@istio-backstage/plugin-istio-common/schema';

/** Freezes a JSON value with everything in it: stored objects are shared with readers. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
