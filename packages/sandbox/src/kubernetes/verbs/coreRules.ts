import type { MemoryStore } from '../store/MemoryStore';
import type { ResourceType } from '../resources/resourceType';
import {
  fieldError,
  type FieldError,
} from '@istio-backstage/plugin-istio-common/schema';
import { isObject, type JsonObject } from '../json';

/**
 * What a write of a built-in kind says besides its fields: a namespace's own label, a secret's plain text, a port's
 * target. It belongs to the writer. The object is shaped already and is changed in place.
 */
export function completeCoreObject(
  object: JsonObject,
  type: ResourceType,
): void {
  const metadata = object.metadata as JsonObject;
  if (type.id === 'namespaces') {
    metadata.labels = {
      ...(metadata.labels as JsonObject | undefined),
      'kubernetes.io/metadata.name': metadata.name,
    };
  } else if (type.id === 'services' && isObject(object.spec)) {
    for (const port of (object.spec.ports ?? []) as JsonObject[]) {
      port.targetPort ??= port.port;
    }
  } else if (type.id === 'secrets' && isObject(object.stringData)) {
    const encoded = Object.entries(object.stringData).map(([key, value]) => [
      key,
      Buffer.from(String(value)).toString('base64'),
    ]);
    object.data = {
      ...(object.data as JsonObject),
      ...Object.fromEntries(encoded),
    };
    delete object.stringData;
  }
}

/** What the server adds to a built-in kind on its own, and nobody owns: addresses, phases, an empty status. */
export function fillCoreFields(
  object: JsonObject,
  type: ResourceType,
  store: MemoryStore,
): void {
  if (type.id === 'namespaces') {
    object.spec ??= { finalizers: ['kubernetes'] };
    object.status ??= { phase: 'Active' };
  } else if (type.id === 'services' && isObject(object.spec)) {
    fillAddresses(object.spec, store);
    object.status ??= { loadBalancer: {} };
  } else if (type.group === 'apps') {
    object.status ??= {};
  }
}

function fillAddresses(spec: JsonObject, store: MemoryStore): void {
  if (spec.type === 'ExternalName') {
    return;
  }
  spec.clusterIP ??= allocateAddress(store);
  spec.clusterIPs ??= [spec.clusterIP];
  spec.ipFamilies ??= ['IPv4'];
  spec.ipFamilyPolicy ??= 'SingleStack';
}

/** The next address of 10.96.0.0/16 by the number of changes so far: distinct for 65,000 services. */
function allocateAddress(store: MemoryStore): string {
  const number = store.currentVersion() % 65_000;
  return `10.96.${Math.floor(number / 250)}.${(number % 250) + 1}`;
}

/** Checks of built-in kinds that their OpenAPI schema does not express. */
export function checkCoreRules(
  object: JsonObject,
  type: ResourceType,
  previous?: JsonObject,
): FieldError[] {
  if (type.id === 'services') {
    return checkService(object);
  }
  if (type.group === 'apps' && isObject(object.spec)) {
    return checkWorkload(object.spec, previous?.spec as JsonObject | undefined);
  }
  if (
    type.id.startsWith('rolebindings.') ||
    type.id.startsWith('clusterrolebindings.')
  ) {
    return checkRoleRef(object, previous);
  }
  return [];
}

function checkService(object: JsonObject): FieldError[] {
  const ports = ((object.spec as JsonObject)?.ports ?? []) as JsonObject[];
  const detail = 'must be between 1 and 65535, inclusive';
  return ports.flatMap((port, index) => {
    const value = Number(port.port);
    const field = `spec.ports[${index}].port`;
    return value >= 1 && value <= 65535
      ? []
      : [fieldError('FieldValueInvalid', field, { value, detail })];
  });
}

function labelsOf(value: unknown, ...path: string[]): JsonObject {
  const found = path.reduce<unknown>(
    (current, key) => (isObject(current) ? current[key] : undefined),
    value,
  );
  return isObject(found) ? found : {};
}

function checkWorkload(spec: JsonObject, before?: JsonObject): FieldError[] {
  const wanted = labelsOf(spec, 'selector', 'matchLabels');
  const actual = labelsOf(spec, 'template', 'metadata', 'labels');
  const errors: FieldError[] = [];
  if (Object.entries(wanted).some(([key, value]) => actual[key] !== value)) {
    errors.push(
      fieldError('FieldValueInvalid', 'spec.template.metadata.labels', {
        value: actual,
        detail: '`selector` does not match template `labels`',
      }),
    );
  }
  if (
    before &&
    JSON.stringify(before.selector) !== JSON.stringify(spec.selector)
  ) {
    errors.push(
      fieldError('FieldValueInvalid', 'spec.selector', {
        value: spec.selector,
        detail: 'field is immutable',
      }),
    );
  }
  return errors;
}

function checkRoleRef(object: JsonObject, previous?: JsonObject): FieldError[] {
  const changed =
    previous &&
    JSON.stringify(previous.roleRef) !== JSON.stringify(object.roleRef);
  return changed
    ? [
        fieldError('FieldValueInvalid', 'roleRef', {
          value: object.roleRef,
          detail: 'cannot change roleRef',
        }),
      ]
    : [];
}
