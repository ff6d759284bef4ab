import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { compareByAge, describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import { MANAGED_BY } from '../routing/managedBy';
import type { CompileProblem } from '../types';
import type { Attachment } from './attachment';
import type { WhoMayCallParams } from './schema';

/** The policy to edit; none: a first one is to be made. */
export function findPolicy(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  attachment: Attachment;
}): { policy?: KubeObject } | CompileProblem {
  const { params, snapshot, attachment } = options;
  return params.policy === undefined
    ? { policy: findOwn({ params, snapshot, attachment }) }
    : findNamed(params.policy, { params, snapshot });
}

/** The oldest that this product made for the Service, of the same action, on trial or not as it is wanted. */
function findOwn(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  attachment: Attachment;
}): KubeObject | undefined {
  const { params, snapshot, attachment } = options;
  const [[label, value]] = Object.entries(MANAGED_BY);
  return [...snapshot.inNamespace('AuthorizationPolicy', params.namespace)]
    .sort(compareByAge)
    .find(policy => {
      const { action, dryRun } = readAuthorizationPolicy(policy);
      const { selector, targetRefs } = policy.spec ?? {};
      return (
        policy.metadata.labels?.[label] === value &&
        action === params.action &&
        dryRun === params.dryRun &&
        JSON.stringify({ selector, targetRefs }) ===
          JSON.stringify({
            selector: attachment.selector,
            targetRefs: attachment.targetRefs,
          })
      );
    });
}

function findNamed(
  name: string,
  options: { params: WhoMayCallParams; snapshot: MeshSnapshot },
): { policy: KubeObject } | CompileProblem {
  const { params, snapshot } = options;
  const { namespace } = params;
  const policy = snapshot.get('AuthorizationPolicy', namespace, name);
  if (!policy) {
    return {
      field: 'policy',
      message: `${snapshot.cluster}: AuthorizationPolicy ${namespace}/${name} does not exist`,
    };
  }
  const { action, dryRun } = readAuthorizationPolicy(policy);
  if (action !== params.action) {
    return {
      field: 'action',
      message: `${snapshot.cluster}: ${describeObject(policy)} is of action ${
        action ?? 'unknown'
      }, which stays so; leave policy out for one of ${params.action}`,
    };
  }
  return params.dryRun && !dryRun
    ? {
        field: 'dryRun',
        message: `${snapshot.cluster}: ${describeObject(
          policy,
        )} is enforced, and on trial it would protect nothing; leave policy out for a trial beside it`,
      }
    : { policy };
}
