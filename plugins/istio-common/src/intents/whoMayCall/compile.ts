import { listWorkloadPorts } from '../../mesh/mtls/listWorkloadPorts';
import { readAuthorizationPolicy } from '../../resources/authorizationPolicy';
import { apiVersionOf } from '../../resources/kinds';
import { describeObject } from '../../resources/objectKey';
import type { KubeObject } from '../../resources/types';
import type { MeshSnapshot } from '../../snapshot/types';
import {
  freeName,
  GUARDED_KINDS,
  readGuardedService,
  type GuardedService,
} from '../guarding/guardedService';
import { MANAGED_BY } from '../routing/managedBy';
import { requireSynced } from '../routing/requireSynced';
import { withField } from '../routing/withField';
import type { CompileProblem, CompileResult } from '../types';
import { resolveAttachment, type Attachment } from './attachment';
import { describeKeptRules } from './describeKeptRules';
import { findPolicy } from './findPolicy';
import { readCallerRules } from './readRules';
import type { WhoMayCallParams } from './schema';
import { titleOfRules } from './words';
import { addRules, writeRules } from './writeRules';

const DRY_RUN = 'istio.io/dry-run';
const KNOWN_FIELDS = ['selector', 'targetRefs', 'targetRef', 'action', 'rules'];

/** Writes the callers into the policy that is edited, or makes the Service's first one. */
export function compileWhoMayCall(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
}): CompileResult {
  const { params, snapshot } = options;
  const stale = requireSynced(snapshot, {
    written: ['AuthorizationPolicy'],
    read: GUARDED_KINDS,
  });
  if (stale.length > 0) {
    return { ok: false, problems: stale };
  }
  const guarded = readGuardedService(snapshot, params);
  if ('message' in guarded) {
    return { ok: false, problems: [guarded] };
  }
  const problem = checkPorts({ params, snapshot, guarded });
  const attachment = resolveAttachment({ params, snapshot, guarded });
  if (problem || 'message' in attachment) {
    return {
      ok: false,
      problems: [problem, attachment].filter(
        (each): each is CompileProblem =>
          each !== undefined && 'message' in each,
      ),
    };
  }
  const found = findPolicy({ params, snapshot, attachment });
  if ('message' in found) {
    return { ok: false, problems: [found] };
  }
  return found.policy
    ? edit({ params, snapshot, policy: found.policy })
    : create({ params, snapshot, attachment });
}

/** A rule for a port that no pod listens on lets nobody in. */
function checkPorts(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  guarded: GuardedService;
}): CompileProblem | undefined {
  const { params, snapshot, guarded } = options;
  const known = new Set(
    guarded.workloads.flatMap(workload =>
      listWorkloadPorts(snapshot, workload).map(({ port }) => port),
    ),
  );
  const at = params.rules.findIndex(({ ports = [] }) =>
    ports.some(port => !known.has(port)),
  );
  return at < 0
    ? undefined
    : {
        field: `rules[${at}].ports`,
        message: `${snapshot.cluster}: the pods of ${params.namespace}/${
          params.service
        } have the ports ${[...known].join(', ') || 'none'}`,
      };
}

function create(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  attachment: Attachment;
}): CompileResult {
  const { params, snapshot, attachment } = options;
  const { action, namespace, service, dryRun, rules } = params;
  const nothing = { ok: true as const, removed: [], keptAsIs: [] };
  if (rules.length === 0) {
    return { ...nothing, desired: [], title: 'no change' };
  }
  const kind = 'AuthorizationPolicy';
  const wanted = `${service}-${action.toLowerCase()}${dryRun ? '-trial' : ''}`;
  return {
    ...nothing,
    desired: [
      {
        apiVersion: apiVersionOf(kind),
        kind,
        metadata: {
          name: freeName(snapshot, { kind, namespace, wanted }),
          namespace,
          labels: { ...MANAGED_BY },
          ...(dryRun && { annotations: { [DRY_RUN]: 'true' } }),
        },
        spec: { ...attachment, action, rules: writeRules(undefined, rules) },
      },
    ],
    title: titleOfRules({
      action,
      before: { rules: [] },
      after: { rules, dryRun },
    }),
  };
}

function edit(options: {
  params: WhoMayCallParams;
  snapshot: MeshSnapshot;
  policy: KubeObject;
}): CompileResult {
  const { params, snapshot, policy } = options;
  const { action, dryRun } = params;
  const spec = policy.spec ?? {};
  const present = readCallerRules(policy);
  const known = present.flatMap(({ rule }) => rule ?? []);
  const rules = params.keepOthers
    ? addRules(known, params.rules)
    : params.rules;
  const written = writeRules(policy, rules);
  const unknown = Object.keys(spec).find(
    field => !KNOWN_FIELDS.includes(field),
  );
  const goes = written.length === 0 && present.length > 0;
  if (goes && unknown !== undefined) {
    return {
      ok: false,
      problems: [
        {
          field: 'rules',
          message: `${snapshot.cluster}: ${describeObject(
            policy,
          )} would go with \`${unknown}\`, which this form does not know; delete the object itself`,
        },
      ],
    };
  }
  return {
    ok: true,
    desired: goes
      ? []
      : [
          withDryRun(
            {
              ...policy,
              spec:
                present.length === 0 && written.length === 0
                  ? spec
                  : withField(spec, 'rules', written),
            },
            dryRun,
          ),
        ],
    removed: goes ? [snapshot.refOf(policy)] : [],
    keptAsIs: describeKeptRules(policy),
    title: titleOfRules({
      action,
      before: {
        rules: known,
        dryRun: readAuthorizationPolicy(policy).dryRun,
      },
      after: { rules, dryRun },
    }),
  };
}

/** The annotation goes where the trial ends; what is so already stays as it is written. */
function withDryRun(policy: KubeObject, dryRun: boolean): KubeObject {
  if (readAuthorizationPolicy(policy).dryRun === dryRun) {
    return policy;
  }
  const { annotations, ...metadata } = policy.metadata;
  const { [DRY_RUN]: _, ...others } = annotations ?? {};
  const next = dryRun ? { ...others, [DRY_RUN]: 'true' } : others;
  return {
    ...policy,
    metadata: {
      ...metadata,
      ...(Object.keys(next).length > 0 && { annotations: next }),
    },
  };
}
