import { admissionDenied } from '../requests/ApiError';
import type { Server } from '../requests/types';
import type { ResourceType } from '../resources/resourceType';
import type { AdmissionCheck, KubeObject } from '../types';

interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

interface Webhook {
  name: string;
  clientConfig?: { service?: { name?: string } };
  rules?: {
    operations?: string[];
    apiGroups?: string[];
    resources?: string[];
  }[];
  objectSelector?: {
    matchLabels?: Record<string, string>;
    matchExpressions?: Requirement[];
  };
}

function holds(
  requirement: Requirement,
  labels: Record<string, string>,
): boolean {
  const { key, operator, values = [] } = requirement;
  const present = Object.hasOwn(labels, key);
  switch (operator) {
    case 'In':
      return present && values.includes(labels[key]);
    case 'NotIn':
      return !present || !values.includes(labels[key]);
    case 'Exists':
      return present;
    default:
      return !present;
  }
}

function selects(webhook: Webhook, labels: Record<string, string>): boolean {
  const { matchLabels = {}, matchExpressions = [] } =
    webhook.objectSelector ?? {};
  return (
    Object.entries(matchLabels).every(
      ([key, value]) => labels[key] === value,
    ) && matchExpressions.every(requirement => holds(requirement, labels))
  );
}

function covers(list: string[] | undefined, value: string): boolean {
  return (list ?? []).some(item => item === '*' || item === value);
}

/** istiod's webhooks that are registered for this write; others are not called. */
function webhooksFor(
  server: Server,
  options: { object: KubeObject; type: ResourceType; operation: string },
): Webhook[] {
  const { object, type, operation } = options;
  return server.store
    .list('validatingwebhookconfigurations.admissionregistration.k8s.io')
    .flatMap(configuration => (configuration.webhooks ?? []) as Webhook[])
    .filter(
      webhook =>
        webhook.clientConfig?.service?.name?.startsWith('istiod') &&
        selects(webhook, object.metadata.labels ?? {}) &&
        webhook.rules?.some(
          rule =>
            covers(rule.operations, operation) &&
            covers(rule.apiGroups, type.group) &&
            covers(rule.resources, type.plural),
        ),
    );
}

const NOT_JUDGED =
  'the sandbox cannot judge this object as istiod would: only its CRD schema was checked';

/**
 * Lets istiod's webhooks judge the object, when they are registered for it. Returns warnings.
 * @throws ApiError 400 worded as the API server words a denial.
 */
export function admitObject(
  server: Server,
  options: { object: KubeObject; type: ResourceType; operation: string },
): string[] {
  const [webhook] = webhooksFor(server, options);
  if (!webhook) {
    return [];
  }
  const verdict = judge(server.admission, options.object);
  if (verdict.errors.length > 0) {
    const { errors } = verdict;
    const text =
      errors.length === 1
        ? errors[0]
        : `${errors.length} errors occurred:\n${errors
            .map(error => `\t* ${error}\n`)
            .join('')}\n`;
    throw admissionDenied(webhook.name, `configuration is invalid: ${text}`);
  }
  return verdict.judged ? verdict.warnings : [...verdict.warnings, NOT_JUDGED];
}

function judge(admission: AdmissionCheck | undefined, object: KubeObject) {
  return admission
    ? admission(object)
    : { judged: false, errors: [], warnings: [] };
}
