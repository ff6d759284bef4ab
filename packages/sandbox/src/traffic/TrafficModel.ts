import type { KubeObject } from '@istio-backstage/plugin-istio-common';
import { Basis } from './basis';
import { collectFlows } from './flows/collectFlows';
import { FlowTimeline } from './flows/FlowTimeline';
import { propagateRates } from './flows/propagateRates';
import { OutcomeResolver } from './flows/resolveOutcomes';
import type { ResolvedEdge } from './flows/types';
import { routeEdge } from './routing/routeEdge';
import type { Edge, RoutedEdge } from './routing/types';
import type {
  FailureRule,
  HistoryEvent,
  PodRef,
  TrafficPlan,
  WorldChange,
} from './types';
import { Impact, WorldView } from './world/WorldView';

/** The traffic between two changes, for traces. */
export interface TrafficPhase {
  from: number;
  /** By edge id. */
  edges: ReadonlyMap<string, ResolvedEdge>;
}

/** A pod and the time its proxy can be scraped. */
export interface PodLife extends PodRef {
  app: string;
  from: number;
  /** Undefined while it exists. */
  until?: number;
}

/**
 * Traffic of one cluster as a pure function of (plan, history, time). Events must come in the order of their
 * times; what was computed for a time before an event never changes by it.
 */
export class TrafficModel {
  readonly basis: Basis;
  private readonly world = new WorldView();
  private readonly edges: Edge[];
  private readonly edgesOf = new Map<string, Edge[]>();
  private readonly routed = new Map<string, RoutedEdge>();
  private readonly flows = new Map<string, FlowTimeline>();
  private readonly phaseList: TrafficPhase[] = [];
  private readonly rates = new Map<string, number>();
  private readonly lives = new Map<string, PodLife>();
  private failures: FailureRule[];
  private dirty?: { at: number; all: boolean; namespaces: Set<string> };
  private lastAt: number;

  constructor(readonly plan: TrafficPlan, readonly epoch: number) {
    this.basis = new Basis(epoch, plan.cluster, plan.rhythm);
    this.edges = edgesOfPlan(plan);
    for (const edge of this.edges) {
      if (edge.sender) continue;
      const own = this.edgesOf.get(edge.client) ?? [];
      own.push(edge);
      this.edgesOf.set(edge.client, own);
    }
    this.failures = [...plan.failures];
    this.takePlanRates();
    this.lastAt = epoch;
  }

  /** Takes one event of the history. Events before the epoch count from the epoch. */
  append(event: HistoryEvent): void {
    const at = Math.max(this.epoch, event.at, this.lastAt);
    if (this.dirty && this.dirty.at < at) this.settle();
    this.lastAt = at;
    for (const object of event.applied ?? []) {
      if (object.kind === 'Pod') this.noteLife(object, at);
      this.mark(this.world.apply(object), at);
    }
    for (const object of event.removed ?? []) {
      const key = `${object.metadata.namespace}/${object.metadata.name}`;
      const life = object.kind === 'Pod' ? this.lives.get(key) : undefined;
      if (life) life.until = at;
      this.mark(this.world.remove(object), at);
    }
    for (const change of event.world ?? []) {
      this.changeWorld(change);
      this.mark({ namespace: '' }, at);
    }
  }

  /** Flows that ever existed. */
  timelines(): FlowTimeline[] {
    this.settle();
    return [...this.flows.values()];
  }

  /** Grows with every change of the traffic: whoever derives something from the model compares it. */
  revision(): number {
    this.settle();
    return this.phaseList.length;
  }

  phases(): readonly TrafficPhase[] {
    this.settle();
    return this.phaseList;
  }

  phaseAt(at: number): TrafficPhase | undefined {
    const phases = this.phases();
    for (let index = phases.length - 1; index >= 0; index--) {
      if (phases[index].from <= at) return phases[index];
    }
    return undefined;
  }

  pods(): PodLife[] {
    return [...this.lives.values()];
  }

  life(namespace: string, name: string): PodLife | undefined {
    return this.lives.get(`${namespace}/${name}`);
  }

  /** Senders with their present rates, per second in this cluster. */
  senderRates(): { id: string; client: string; to: string; rate: number }[] {
    return this.plan.senders.map(({ id, client, call }) => ({
      id,
      client,
      to: call.to,
      rate: this.rates.get(id) ?? 0,
    }));
  }

  failureRules(): readonly FailureRule[] {
    return this.failures;
  }

  private noteLife(pod: KubeObject, at: number): void {
    const { metadata } = pod;
    const namespace = metadata.namespace ?? 'default';
    const key = `${namespace}/${metadata.name}`;
    const known = this.lives.get(key);
    if (known) {
      // A pod that comes back under its name goes on as the same target.
      known.until = undefined;
      return;
    }
    this.lives.set(key, {
      name: metadata.name,
      namespace,
      ip: typeof pod.status?.podIP === 'string' ? pod.status.podIP : '',
      app: metadata.labels?.app ?? metadata.name,
      from: at,
    });
  }

  private mark(impact: Impact, at: number): void {
    if (!impact) return;
    this.dirty ??= { at, all: false, namespaces: new Set() };
    if ('all' in impact) this.dirty.all = true;
    else this.dirty.namespaces.add(impact.namespace);
  }

  private takePlanRates(): void {
    for (const { id, rate } of this.plan.senders) {
      this.rates.set(id, rate * this.plan.share);
    }
  }

  private changeWorld(change: WorldChange): void {
    if (change.type === 'reset') {
      this.failures = [...this.plan.failures];
      this.takePlanRates();
    } else if (change.type === 'rate') {
      this.rates.set(change.sender, change.rate * this.plan.share);
    } else if (change.type === 'clearFailures') {
      this.failures = [];
    } else {
      const { rule } = change;
      this.failures = [
        ...this.failures.filter(
          old =>
            old.from !== rule.from ||
            old.to !== rule.to ||
            old.version !== rule.version,
        ),
        rule,
      ];
    }
  }

  /** Recomputes the traffic from the moment of the pending change on. */
  private settle(): void {
    if (!this.dirty) return;
    const { at, all, namespaces } = this.dirty;
    this.dirty = undefined;
    for (const edge of this.edges) {
      const known = this.routed.get(edge.id);
      const clientNamespace = edge.client.slice(0, edge.client.indexOf('/'));
      const touched =
        all ||
        !known ||
        namespaces.has(clientNamespace) ||
        [...known.namespaces].some(namespace => namespaces.has(namespace));
      if (!touched) continue;
      const routed = routeEdge(this.world, this.plan, edge);
      if (routed) this.routed.set(edge.id, routed);
      else this.routed.delete(edge.id);
    }
    this.startPhase(at);
  }

  private startPhase(at: number): void {
    const resolver = new OutcomeResolver(
      this.plan,
      this.failures,
      this.routed,
      this.edgesOf,
    );
    const outcomesOf = (id: string) => resolver.of(id);
    const rates = propagateRates({
      edges: this.edges,
      edgesOf: this.edgesOf,
      routed: this.routed,
      outcomesOf,
      rateOf: id => this.rates.get(id) ?? 0,
    });
    const edges = new Map<string, ResolvedEdge>();
    for (const [id, routed] of this.routed) {
      edges.set(id, {
        routed,
        outcomes: outcomesOf(id),
        coefficients: rates.get(id)!,
      });
    }
    const present = collectFlows(this.plan, edges.values());
    for (const [key, timeline] of this.flows) {
      if (!present.has(key)) timeline.continueWith(at, undefined);
    }
    for (const [key, { identity, phase }] of present) {
      let timeline = this.flows.get(key);
      if (!timeline) {
        timeline = new FlowTimeline(identity, this.basis);
        this.flows.set(key, timeline);
      }
      timeline.continueWith(at, phase);
    }
    this.phaseList.push({ from: at, edges });
  }
}

function edgesOfPlan(plan: TrafficPlan): Edge[] {
  const derived = Object.entries(plan.behaviours).flatMap(
    ([client, behaviour]) =>
      behaviour.calls.map((call, index) => ({
        id: `${client}>${call.to}:${call.port}#${index}`,
        client,
        call,
      })),
  );
  const sending = plan.senders.map(sender => ({
    id: `sender/${sender.id}`,
    client: sender.client,
    call: sender.call,
    sender: sender.id,
  }));
  return [...sending, ...derived];
}
