import { hashJson } from '../changes/hashObject';
import { stripServerFields } from '../changes/stripServerFields';
import type { KubeObject } from '../resources/types';
import { hideSecrets } from './hideSecrets';
import type { ObservedObject } from './types';

const CHANGE_ID = 'istio-portal.dev/change-id';

/** Characters of JSON beyond which an object is told apart by its hash alone. */
export const CONTENT_AT_MOST = 200_000;

/** What is kept of an object that a watch or an API server showed. */
export function observeObject(object: KubeObject): ObservedObject {
  const { metadata } = object;
  return {
    ...observeContent(object),
    uid: metadata.uid ?? '',
    ...(metadata.generation !== undefined && {
      generation: metadata.generation,
    }),
    resourceVersion: metadata.resourceVersion ?? '',
    ...(metadata.annotations?.[CHANGE_ID] && {
      changeId: metadata.annotations[CHANGE_ID],
    }),
    writers: (metadata.managedFields ?? []).map(
      ({ manager, operation, subresource, time }) => ({
        ...(manager !== undefined && { manager }),
        ...(operation !== undefined && { operation }),
        ...(subresource !== undefined && { subresource }),
        ...(time !== undefined && { time }),
      }),
    ),
  };
}

/** Hash and content alone, for objects whose versions are told elsewhere. */
export function observeContent(
  object: KubeObject,
): Pick<ObservedObject, 'hash' | 'content' | 'hidden'> {
  const { value, hidden } = hideSecrets(stripServerFields(object));
  const { apiVersion } = value;
  const slash = apiVersion.indexOf('/');
  const isLarge = JSON.stringify(value).length > CONTENT_AT_MOST;
  return {
    // Another version of the same API group shows the same object.
    hash: hashJson({
      ...value,
      apiVersion: slash < 0 ? '' : apiVersion.slice(0, slash),
    }),
    ...(isLarge ? {} : { content: { ...value } }),
    hidden,
  };
}
