import {
  formatWrittenDuration,
  formatWrittenShare,
  type ComponentMesh,
  type ObjectRef,
  type RouteAnswer,
  type TrafficRoute,
} from '@istio-backstage/plugin-istio-common';

/** One step of a request's way through the rules. */
export interface RequestStep {
  state: 'passed' | 'taken' | 'problem' | 'note';
  title: string;
  detail?: string;
  object?: ObjectRef;
  fieldPath?: string;
}

/** The answer in one sentence, and the way to it. */
export interface PresentedAnswer {
  tone: 'info' | 'warn' | 'bad';
  verdict: string;
  steps: RequestStep[];
}

/** What the page knows of the component beside the answer. */
export interface Surroundings extends Pick<ComponentMesh, 'split' | 'match'> {
  /** The cluster that was asked. */
  cluster: string;
}

type Target = RouteAnswer['destinations'][number];

const TONES: Record<RouteAnswer['outcome'], PresentedAnswer['tone']> = {
  routed: 'info',
  passthrough: 'info',
  redirect: 'info',
  directResponse: 'info',
  blackhole: 'warn',
  noRoute: 'bad',
  refused: 'bad',
};

/** The answer in words; rules are called as the routes of the component call them. */
export function presentAnswer(
  answer: RouteAnswer,
  known: Surroundings,
): PresentedAnswer {
  const routes = known.split?.routes ?? [];
  const failing = answer.destinations.some(({ problem }) => problem);
  return {
    tone: failing ? 'bad' : TONES[answer.outcome],
    verdict: presentVerdict(answer),
    steps: [
      ...presentConsidered(answer, routes),
      ...presentRule(answer, routes),
      ...presentEffects(answer),
      ...answer.destinations.map(target =>
        presentTarget(answer, target, known),
      ),
      ...answer.unreachable.map(({ object, path, text }) => ({
        state: 'note' as const,
        title: `${nameRule(object, path, routes)} is never reached`,
        detail: text,
        object,
        fieldPath: path,
      })),
      ...answer.caveats.map(text => ({ state: 'note' as const, title: text })),
    ],
  };
}

/** "v2" or the first label of the host. */
export function labelOf({ subset, host }: Target): string {
  return subset ?? (host.split('.')[0] || 'an unknown backend');
}

function presentVerdict(answer: RouteAnswer): string {
  const { outcome, destinations, reason = '', redirect } = answer;
  switch (outcome) {
    case 'routed':
      return `Goes to ${destinations
        .map(presentShare)
        .join(' or ')}${presentPort(destinations)}.`;
    case 'passthrough':
      return 'Goes out as it is: the mesh knows no such host.';
    case 'blackhole':
      return 'Is refused by the caller’s own proxy.';
    case 'redirect':
      return `Is answered with a redirect (${
        redirect?.code ?? 301
      })${presentLocation(answer)}.`;
    case 'directResponse':
      return `Is answered by the proxy itself with status ${
        answer.directResponse?.status ?? 0
      }.`;
    case 'noRoute':
      return 'Goes nowhere: no rule takes it, the answer is 404.';
    default:
      return `Is refused. ${reason}`.trim();
  }
}

function presentShare(target: Target): string {
  return target.percent === 100
    ? labelOf(target)
    : `${labelOf(target)} (${formatWrittenShare(target.percent / 100)})`;
}

function presentPort(destinations: readonly Target[]): string {
  const ports = [...new Set(destinations.map(({ port }) => port))];
  return ports.length === 1 ? ` on port ${ports[0]}` : '';
}

function presentLocation({ redirect }: RouteAnswer): string {
  const parts = [
    redirect?.scheme ? `${redirect.scheme}://` : '',
    redirect?.authority ?? '',
    redirect?.uri ?? redirect?.prefix ?? '',
  ].join('');
  return parts ? ` to ${parts}` : '';
}

/** Other objects first, then the rules in the order they were tried, each rule once. */
function presentConsidered(
  { considered }: RouteAnswer,
  routes: readonly TrafficRoute[],
): RequestStep[] {
  const steps = new Map<string, RequestStep>();
  for (const { object, path, text } of considered) {
    const rule = rulePath(path);
    const key = `${object.kind}/${object.namespace}/${object.name}/${rule}`;
    const known = steps.get(key);
    if (known) {
      known.detail = `${known.detail} ${text}`;
    } else {
      steps.set(key, {
        state: 'passed',
        title: rule
          ? `${nameRule(object, rule, routes)} does not match`
          : `${object.kind} ${object.namespace}/${object.name} does not decide`,
        detail: text,
        object,
        ...(rule ? { fieldPath: rule } : {}),
      });
    }
  }
  return [...steps.values()].sort(
    (a, b) =>
      Number(a.fieldPath !== undefined) - Number(b.fieldPath !== undefined),
  );
}

/** `spec.http[0].match[1]` stands in the rule `spec.http[0]`. */
function rulePath(path: string): string {
  return /^spec\.\w+\[\d+\]/.exec(path)?.[0] ?? path;
}

function nameRule(
  object: ObjectRef,
  path: string,
  routes: readonly TrafficRoute[],
): string {
  const rule = rulePath(path);
  const route = routes.find(
    each =>
      each.object?.kind === object.kind &&
      each.object.namespace === object.namespace &&
      each.object.name === object.name &&
      `spec.${each.fieldPath}` === rule,
  );
  const index = /\[(\d+)\]/.exec(rule)?.[1];
  const number = index === undefined ? '' : ` ${Number(index) + 1}`;
  return `Rule${number}${route?.name ? ` “${route.name}”` : ''}`;
}

function presentRule(
  { rule, outcome, reason, matched }: RouteAnswer,
  routes: readonly TrafficRoute[],
): RequestStep[] {
  if (rule) {
    return [
      {
        state: 'taken',
        title: `${nameRule(rule.object, rule.path, routes)} matches`,
        detail: rule.match
          ? `Its condition ${rule.match.replace(`${rule.path}.`, '')} is met.`
          : 'It has no condition.',
        object: rule.object,
        fieldPath: rule.match ?? rule.path,
      },
    ];
  }
  if (outcome === 'routed' && !matched) {
    return [
      {
        state: 'taken',
        title: 'No object routes it',
        detail:
          reason ?? 'Istio’s default sends it to all pods of the Service.',
      },
    ];
  }
  return reason ? [{ state: 'problem', title: reason }] : [];
}

/** What the rule does beside choosing a destination. */
function presentEffects(answer: RouteAnswer): RequestStep[] {
  const { timeout, retries, fault, rewrite, mirror } = answer;
  const mirrors = answer.mirrors ?? (mirror ? [mirror] : []);
  const settings = [
    ...(timeout ? [`Time limit ${formatWrittenDuration(timeout)}.`] : []),
    ...(retries
      ? [
          `Up to ${retries.attempts} retries on ${retries.retryOn.replaceAll(
            ',',
            ', ',
          )}.`,
        ]
      : []),
    ...(rewrite ? ['The path or host is rewritten.'] : []),
  ];
  const steps: RequestStep[] = [];
  if (answer.outcome === 'routed' && settings.length > 0) {
    steps.push({
      state: 'taken',
      title: timeout || retries ? 'Limits of the call' : 'Rewritten',
      detail: settings.join(' '),
    });
  }
  if (fault?.delay || fault?.abort) {
    steps.push({
      state: 'problem',
      title: 'A fault is injected on purpose',
      detail: [
        ...(fault.delay
          ? [
              `${fault.delay.percent} % wait ${formatWrittenDuration(
                fault.delay.fixedDelay,
              )}.`,
            ]
          : []),
        ...(fault.abort
          ? [
              `${fault.abort.percent} % fail with ${
                fault.abort.httpStatus ?? fault.abort.grpcStatus
              }.`,
            ]
          : []),
      ].join(' '),
    });
  }
  for (const copy of mirrors) {
    steps.push({
      state: 'taken',
      title: `${copy.percent} % are copied to ${labelOf(copy)}`,
    });
  }
  return steps;
}

function presentTarget(
  answer: RouteAnswer,
  target: Target,
  known: Surroundings,
): RequestStep {
  const { problem, subset, host, port } = target;
  const label = labelOf(target);
  const decider = answer.decidedBy.find(
    by =>
      subset !== undefined &&
      by.by === 'object' &&
      by.fieldPath.startsWith('spec.subsets'),
  );
  const place = `${host}:${port}`;
  if (problem) {
    return { state: 'problem', title: problem.text, detail: place };
  }
  const pods = findPods(target, known);
  const step: RequestStep = {
    state: pods && pods.ready === 0 ? 'problem' : 'taken',
    title: pods
      ? `${label} has ${pods.ready} of ${pods.desired} pods ready`
      : `${label} is the destination`,
    detail: place,
  };
  return decider?.by === 'object' ? { ...step, object: decider.object } : step;
}

/** Pods of a destination in the cluster that was asked, as far as they are the component's own. */
function findPods(
  { host, subset }: Target,
  { split, match, cluster }: Surroundings,
): { ready: number; desired: number } | undefined {
  const found = split?.routes
    .flatMap(({ destinations }) => destinations)
    .find(each => each.host === host && each.subset === subset);
  const namespace = host.split('.')[1];
  const workloads = match.workloads.filter(
    each =>
      each.cluster === cluster &&
      each.namespace === namespace &&
      found?.workloads.includes(each.name),
  );
  if (workloads.length === 0) return undefined;
  return workloads.reduce(
    (sum, { podsReady, podsDesired }) => ({
      ready: sum.ready + podsReady,
      desired: sum.desired + podsDesired,
    }),
    { ready: 0, desired: 0 },
  );
}
