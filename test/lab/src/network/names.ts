import { join } from 'node:path';

const NAME = /^[a-z][a-z0-9-]{0,23}$/;

/** @throws Error naming what is allowed */
export function checkLabName(name: string): string {
  if (!NAME.test(name)) {
    throw new Error(
      `A lab's name is up to 24 lower case letters, digits and hyphens and begins with a letter; it is "${name}"`,
    );
  }
  return name;
}

// The dot cannot be part of a lab's name: the Pods of lab `a` are never taken for those of lab `a-b`.
export const controlNamespace = (lab: string) => `istio-lab-${lab}`;
export const podNamespace = (lab: string, uid: string) =>
  `${controlNamespace(lab)}.${uid}`;

/** Whether a network namespace belongs to this lab. */
export const isNamespaceOf = (lab: string, namespace: string) =>
  namespace === controlNamespace(lab) ||
  namespace.startsWith(`${controlNamespace(lab)}.`);

/** Where labs keep their state. Envoy's user must be able to walk into it: a home folder would not do. */
export const stateFolder = (lab: string) =>
  join(process.env.ISTIO_LAB_STATE ?? '/var/lib/istio-lab/labs', lab);
