import { KINDS, KindName } from '@istio-backstage/plugin-istio-common';
import { KubeConnectionError, KubeStatusError } from './types';

/** What a failed list or watch means for the copy of its kind. */
export interface WatchFailure {
  kind: 'gone' | 'notInstalled' | 'notAllowed' | 'serverError' | 'noAnswer';
  message: string;
  /** The watch had opened before it broke. */
  wasOpen: boolean;
}

/** Sorts an error of a list or watch; the message names the kind and what is needed, never a secret. */
export function explainFailure(error: unknown, kind: KindName): WatchFailure {
  const resource = resourceOf(kind);
  if (error instanceof KubeStatusError) {
    return { ...explainStatus(error, resource, kind), wasOpen: false };
  }
  if (error instanceof KubeConnectionError) {
    const wasOpen = 'wasOpen' in error && error.wasOpen === true;
    return { kind: 'noAnswer', message: error.message, wasOpen };
  }
  return {
    kind: 'serverError',
    message: `The answer for ${resource} could not be read`,
    wasOpen: false,
  };
}

function explainStatus(
  { status, message }: KubeStatusError,
  resource: string,
  kind: KindName,
): Omit<WatchFailure, 'wasOpen'> {
  switch (status) {
    case 410:
      return { kind: 'gone', message: 'The watch is too old' };
    case 404:
      return {
        kind: 'notInstalled',
        message: `${resource}/${KINDS[kind].version} is not installed in this cluster`,
      };
    case 403:
      return {
        kind: 'notAllowed',
        message: `The portal's account may not read ${resource}: grant it get, list and watch in all namespaces`,
      };
    case 401:
      return {
        kind: 'noAnswer',
        message: "The cluster refuses the portal's credentials (401)",
      };
    default:
      return {
        kind: 'serverError',
        message: `The API server answered ${status} for ${resource}${
          message ? `: ${message.slice(0, 160)}` : ''
        }`,
      };
  }
}

/** `virtualservices.networking.istio.io`, as RBAC rules and CRDs name it. */
function resourceOf(kind: KindName): string {
  const { group, plural } = KINDS[kind];
  return group ? `${plural}.${group}` : plural;
}
