import { DecidedBy, ObjectRef } from '@istio-backstage/plugin-istio-common';

/** Version of the JSON that the program prints; changes when a field changes its meaning or goes. */
export const JSON_VERSION = 1;

/** An object as the output names it. */
export interface JsonObject {
  apiVersion: string;
  kind: string;
  namespace?: string;
  name: string;
}

/** An object that decided, with the field. */
export interface JsonDecider {
  object: JsonObject;
  path: string;
}

/** Without the cluster, which files do not have. */
export function toJsonObject(ref: ObjectRef): JsonObject {
  const { apiVersion, kind, namespace, name } = ref;
  return { apiVersion, kind, ...(namespace ? { namespace } : {}), name };
}

/** The objects that decided; defaults and settings are told by `describeDefaults`. */
export function toJsonDeciders(decidedBy: readonly DecidedBy[]): JsonDecider[] {
  return decidedBy.flatMap(by =>
    by.by === 'object'
      ? [{ object: toJsonObject(by.object), path: by.fieldPath }]
      : [],
  );
}

/** What decided and is no object: Istio's defaults, meshConfig, the lack of something. */
export function describeDefaults(decidedBy: readonly DecidedBy[]): string[] {
  return decidedBy.flatMap(by => {
    switch (by.by) {
      case 'object':
        return [];
      case 'meshConfig':
        return [`meshConfig.${by.fieldPath}`];
      default:
        return [by.note];
    }
  });
}

/** `AuthorizationPolicy shop/allow-web spec.rules[0]` */
export function describeDecider({ object, path }: JsonDecider): string {
  const { kind, namespace, name } = object;
  return `${kind} ${namespace ? `${namespace}/` : ''}${name} ${path}`.trim();
}

/** `decidedBy` for objects, `defaults` for the rest, where there is some. */
export function toJsonBy(decidedBy: readonly DecidedBy[]): {
  decidedBy: JsonDecider[];
  defaults?: string[];
} {
  const defaults = describeDefaults(decidedBy);
  return {
    decidedBy: toJsonDeciders(decidedBy),
    ...(defaults.length > 0 ? { defaults } : {}),
  };
}

/** One decider in words, object or not. */
export function describeBy(decidedBy: DecidedBy): string {
  return [
    ...toJsonDeciders([decidedBy]).map(describeDecider),
    ...describeDefaults([decidedBy]),
  ].join('');
}
