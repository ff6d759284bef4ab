import {
  whoMayCallParamsSchema,
  type CallerRule,
  type IntentOf,
  type WhoMayCallParams,
} from '@istio-backstage/plugin-istio-common';

/** One caller in the form: who, and with which requests; empty texts: any. */
export interface DraftCaller {
  /** `cluster.local/ns/shop/sa/web`; absent: the whole namespace. */
  principal?: string;
  namespace?: string;
  methods: string;
  paths: string;
  ports: string;
}

/** Any request of a caller. */
export const ANY = { methods: '', paths: '', ports: '' };

/** One line per caller of the policy's rules. */
export function draftOf(rules: readonly CallerRule[]): DraftCaller[] {
  return rules.flatMap(({ principals = [], namespaces = [], ...what }) => {
    const requests = {
      methods: joined(what.methods),
      paths: joined(what.paths),
      ports: joined(what.ports),
    };
    return [
      ...principals.map(principal => ({ principal, ...requests })),
      ...namespaces.map(namespace => ({ namespace, ...requests })),
    ];
  });
}

/** Tells lines apart: the same caller may have several, each with its own requests. */
export function keyOfCaller(caller: DraftCaller): string {
  const { principal, namespace, methods, paths, ports } = caller;
  return JSON.stringify([principal, namespace, methods, paths, ports]);
}

/** Callers with the same requests are one rule, in the order in which they stand. */
export function rulesOf(callers: readonly DraftCaller[]): unknown[] {
  const rules = new Map<string, Record<string, unknown[]>>();
  for (const caller of callers) {
    const what = {
      ports: split(caller.ports).map(text =>
        /^\d+$/.test(text) ? Number(text) : text,
      ),
      methods: split(caller.methods).map(text => text.toUpperCase()),
      paths: split(caller.paths),
    };
    const key = JSON.stringify(what);
    const rule = rules.get(key) ?? {};
    const list = caller.principal === undefined ? 'namespaces' : 'principals';
    rule[list] = [
      ...(rule[list] ?? []),
      caller.principal ?? caller.namespace ?? '',
    ];
    rules.set(key, {
      ...rule,
      ...Object.fromEntries(
        Object.entries(what).filter(([, values]) => values.length > 0),
      ),
    });
  }
  return [...rules.values()];
}

const WORDS: Readonly<Record<string, string>> = {
  methods: 'Each method',
  paths: 'Each path',
  ports: 'Ports',
  principals: 'Each identity',
  namespaces: 'Each namespace',
};

/** The intent of what stands in the form, or what is wrong with it. */
export function buildCallersIntent(options: {
  params: Omit<WhoMayCallParams, 'rules' | 'namespace' | 'service'> & {
    namespace?: string;
    service?: string;
  };
  callers: readonly DraftCaller[];
}): { ok: true; intent: IntentOf<'whoMayCall'> } | { ok: false; text: string } {
  const parsed = whoMayCallParamsSchema.safeParse({
    ...options.params,
    rules: rulesOf(options.callers),
  });
  if (parsed.success) {
    return { ok: true, intent: { type: 'whoMayCall', params: parsed.data } };
  }
  const [{ path, message }] = parsed.error.issues;
  const field = path.find(part =>
    ['methods', 'paths', 'ports', 'principals', 'namespaces'].includes(
      String(part),
    ),
  );
  return {
    ok: false,
    text: `${WORDS[String(field)] ?? path.join('.')} ${
      field === 'ports' ? 'must be numbers from 1 to 65535' : message
    }.`,
  };
}

/** `storefront/checkout`, a whole identity, or a namespace, as somebody types it. */
export function readTypedCaller(
  text: string,
  trustDomain: string,
): DraftCaller | undefined {
  const typed = text.trim().replace(/^spiffe:\/\//, '');
  if (/^[^/\s]+\/ns\/[^/\s]+\/sa\/[^/\s]+$/.test(typed)) {
    return { principal: typed, ...ANY };
  }
  const [namespace, account, ...rest] = typed.split('/');
  if (!namespace || rest.length > 0 || /\s/.test(typed)) return undefined;
  if (account) {
    return {
      principal: `${trustDomain}/ns/${namespace}/sa/${account}`,
      ...ANY,
    };
  }
  return typed.includes('/') ? undefined : { namespace, ...ANY };
}

function joined(values: readonly (string | number)[] = []): string {
  return values.join(', ');
}

function split(text: string): string[] {
  return text
    .split(/[\s,]+/)
    .map(part => part.trim())
    .filter(part => part !== '');
}
