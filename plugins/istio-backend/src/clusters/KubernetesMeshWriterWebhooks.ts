import type { KubeClient } from './types';

/** How istiod's validating webhook stands to one kind in one cluster. */
export type IstioWebhookPart =
  | 'tookPart'
  | 'notRegistered'
  | 'notForThisKind'
  | 'unknown';

interface WebhookRule {
  apiGroups?: string[];
  resources?: string[];
  operations?: string[];
}

interface Webhook {
  name?: string;
  failurePolicy?: string;
  clientConfig?: { service?: { name?: string; namespace?: string } };
  rules?: WebhookRule[];
}

const PATH =
  '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

/**
 * Reads which kinds istiod validates. A webhook counts as istiod's when its service is called
 * istiod (also `istiod-<revision>`) or its name ends in `validation.istio.io`, as Istio's charts
 * write it. With `failurePolicy: Ignore` (istiod's own setting until it is ready) a failing webhook
 * is skipped in silence, so the answer is `unknown`. Namespace and object selectors are not looked at.
 */
export class IstioWebhooks {
  static create(options: {
    client: KubeClient;
    cacheMs: number;
    now: () => number;
  }): IstioWebhooks {
    return new IstioWebhooks(options.client, options.cacheMs, options.now);
  }

  private cached?: { at: number; webhooks: Promise<Webhook[] | undefined> };

  private constructor(
    private readonly client: KubeClient,
    private readonly cacheMs: number,
    private readonly now: () => number,
  ) {}

  async partFor(group: string, plural: string): Promise<IstioWebhookPart> {
    const webhooks = await this.webhooks();
    if (!webhooks) {
      return 'unknown';
    }
    const istiod = webhooks.filter(isIstiod);
    if (istiod.length === 0) {
      return 'notRegistered';
    }
    const matching = istiod.filter(webhook =>
      (webhook.rules ?? []).some(rule => covers(rule, group, plural)),
    );
    if (matching.length === 0) {
      return 'notForThisKind';
    }
    return matching.some(webhook => webhook.failurePolicy !== 'Ignore')
      ? 'tookPart'
      : 'unknown';
  }

  private webhooks(): Promise<Webhook[] | undefined> {
    const now = this.now();
    if (!this.cached || now - this.cached.at > this.cacheMs) {
      const entry = { at: now, webhooks: this.read() };
      this.cached = entry;
      // A failed read is not kept: the next preview asks again.
      entry.webhooks.then(found => {
        if (!found && this.cached === entry) {
          this.cached = undefined;
        }
      });
    }
    return this.cached.webhooks;
  }

  private async read(): Promise<Webhook[] | undefined> {
    const response = await this.client
      .request({ method: 'GET', path: PATH })
      .catch(() => undefined);
    if (response?.status !== 200) {
      return undefined;
    }
    const { items } = response.body as { items?: { webhooks?: Webhook[] }[] };
    return (items ?? []).flatMap(item => item.webhooks ?? []);
  }
}

function isIstiod(webhook: Webhook): boolean {
  return (
    /^istiod($|-)/.test(webhook.clientConfig?.service?.name ?? '') ||
    (webhook.name ?? '').endsWith('validation.istio.io')
  );
}

function covers(rule: WebhookRule, group: string, plural: string): boolean {
  const has = (list: string[] | undefined, value: string) =>
    (list ?? []).some(entry => entry === '*' || entry === value);
  return (
    has(rule.apiGroups, group) &&
    (has(rule.resources, plural) || has(rule.resources, '*/*')) &&
    (has(rule.operations, 'CREATE') || has(rule.operations, 'UPDATE'))
  );
}
