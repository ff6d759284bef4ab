import type { SchemaCatalog } from '../resources/SchemaCatalog';
import type { SchemaNode } from '@istio-backstage/plugin-istio-common/schema';
import { badRequest, notImplemented } from '../requests/ApiError';
import { cloneJson, isObject, jsonEqual, type JsonObject } from '../json';

const DIRECTIVE = '$patch';
const DELETE_FROM = '$deleteFromPrimitiveList/';
const SET_ORDER = '$setElementOrder/';
const RETAIN_KEYS = '$retainKeys';

/**
 * Kubernetes' strategic merge patch for built-in kinds: lists with a merge key merge by item, other lists are
 * replaced; `$patch: replace | delete | merge`, `$deleteFromPrimitiveList`, `$retainKeys` and `$setElementOrder`
 * (which is taken and changes no order) are understood.
 * @throws ApiError 501 for another directive.
 */
export function strategicMergePatch(
  target: JsonObject,
  patch: JsonObject,
  schema: SchemaNode,
  catalog: SchemaCatalog,
): JsonObject {
  return mergeObject(target, patch, catalog.resolve(schema), catalog);
}

function mergeObject(
  target: unknown,
  patch: JsonObject,
  node: SchemaNode,
  catalog: SchemaCatalog,
): JsonObject {
  const directive = patch[DIRECTIVE];
  if (directive === 'replace') {
    const { [DIRECTIVE]: _directive, ...rest } = patch;
    return cloneJson(rest);
  }
  if (directive === 'delete') {
    return {};
  }
  if (directive !== undefined && directive !== 'merge') {
    throw badRequest(`Unknown patch type found: ${String(directive)}`);
  }
  const result: JsonObject = isObject(target) ? cloneJson(target) : {};
  retainKeys(result, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM)) {
      removeValues(result, key.slice(DELETE_FROM.length), value);
    } else if (key.startsWith('$')) {
      checkDirective(key);
    } else if (value === null) {
      delete result[key];
    } else {
      const property = node.properties?.[key] ?? {};
      result[key] = mergeValue(result[key], value, property, catalog);
    }
  }
  return result;
}

function checkDirective(key: string): void {
  const known = [DIRECTIVE, RETAIN_KEYS].includes(key);
  if (!known && !key.startsWith(SET_ORDER)) {
    throw notImplemented(`the strategic merge patch directive ${key}`);
  }
}

function retainKeys(result: JsonObject, patch: JsonObject): void {
  const kept = patch[RETAIN_KEYS];
  if (Array.isArray(kept)) {
    Object.keys(result)
      .filter(key => !kept.includes(key))
      .forEach(key => delete result[key]);
  }
}

function removeValues(result: JsonObject, key: string, values: unknown): void {
  const present = result[key];
  if (Array.isArray(present) && Array.isArray(values)) {
    result[key] = present.filter(
      item => !values.some(value => jsonEqual(value, item)),
    );
  }
}

function mergeValue(
  target: unknown,
  patch: unknown,
  reference: SchemaNode,
  catalog: SchemaCatalog,
): unknown {
  const node = catalog.resolve(reference);
  if (isObject(patch)) {
    return mergeObject(target, patch, node, catalog);
  }
  const strategy = node['x-kubernetes-patch-strategy'] ?? '';
  if (Array.isArray(patch) && strategy.split(',').includes('merge')) {
    return mergeList(Array.isArray(target) ? target : [], patch, node, catalog);
  }
  return cloneJson(patch);
}

function mergeList(
  target: unknown[],
  patch: unknown[],
  node: SchemaNode,
  catalog: SchemaCatalog,
): unknown[] {
  const mergeKey = node['x-kubernetes-patch-merge-key'];
  if (!mergeKey) {
    const added = patch.filter(
      item => !target.some(present => jsonEqual(present, item)),
    );
    return [...cloneJson(target), ...cloneJson(added)];
  }
  if (patch.some(item => isObject(item) && item[DIRECTIVE] === 'replace')) {
    return cloneJson(
      patch.filter(item => !isObject(item) || item[DIRECTIVE] !== 'replace'),
    );
  }
  const items = catalog.resolve(node.items ?? {});
  const result = cloneJson(target) as JsonObject[];
  const added: JsonObject[] = [];
  for (const item of patch as JsonObject[]) {
    const index = result.findIndex(
      present => isObject(present) && present[mergeKey] === item[mergeKey],
    );
    if (item[DIRECTIVE] === 'delete') {
      if (index >= 0) {
        result.splice(index, 1);
      }
    } else if (index >= 0) {
      result[index] = mergeObject(result[index], item, items, catalog);
    } else {
      added.push(mergeObject({}, item, items, catalog));
    }
  }
  // New items come first, as in the API server's merge without an order directive.
  return [...added, ...result];
}
