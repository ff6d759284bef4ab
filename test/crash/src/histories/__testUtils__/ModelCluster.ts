import type {
  KubeObject,
  ObjectRef,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type {
  MeshWriter,
  WriteContext,
  WriteResult,
} from '@istio-backstage/plugin-istio-node';
import { applyJsonPatch } from '../../../../../plugins/istio-backend/src/changes/__testUtils__/applyJsonPatch';
import {
  annotationPatch,
  annotationsOf,
} from '../../../../../plugins/istio-backend/src/clusters/KubernetesMeshWriterAnnotations';

/** A write that took effect. */
export interface Effect {
  key: string;
  /** Of the portal's writes. */
  changeId?: string;
  attemptId?: string;
  /** Another field manager's edit leaves this annotation, for ever. */
  mark?: string;
  action: 'create' | 'patch' | 'delete';
  /** Virtual time, epoch milliseconds. */
  at: number;
}

/**
 * An API server as far as its promises to one writer go: preconditions decide, each effect is at one
 * moment, and every effect is remembered. The same writes against real ones are the conformance suite's.
 */
export class ModelCluster implements MeshWriter {
  readonly objects = new Map<string, KubeObject>();
  readonly effects: Effect[] = [];
  /** Asked at the moment of each effect. */
  onEffect: (effect: Effect) => Promise<void> = async () => undefined;
  private version = 100;

  constructor(private readonly now: () => number) {}

  async write(
    operation: PlanOperation,
    context: WriteContext,
  ): Promise<WriteResult> {
    const { object, action, base } = operation;
    const key = keyOf(object);
    const live = this.objects.get(key);
    const refused = refusalOf(action, live, base);
    if (refused) {
      return {
        outcome: 'conflict',
        status: 409,
        message: refused,
        warnings: [],
      };
    }
    const desired = desiredOf(operation, context, live);
    if (context.dryRun) {
      return applied(desired);
    }
    const effect: Effect = {
      key,
      action,
      changeId: context.changeId,
      attemptId: context.attemptId,
      at: this.now(),
    };
    await this.onEffect(effect);
    this.effects.push(effect);
    if (action === 'delete') {
      this.objects.delete(key);
      return applied(desired);
    }
    return applied(this.put(desired));
  }

  async read(object: ObjectRef): Promise<KubeObject | undefined> {
    return structuredClone(this.objects.get(keyOf(object)));
  }

  async authorizeWrite(): Promise<{ allowed: boolean }> {
    return { allowed: true };
  }

  async istioWebhookFor(): Promise<'tookPart'> {
    return 'tookPart';
  }

  /** Stores an object with a new version. */
  put(object: KubeObject): KubeObject {
    this.version += 1;
    const stored = structuredClone(object);
    const key = keyOf({ ...object, ...object.metadata });
    stored.metadata = {
      ...stored.metadata,
      uid: this.objects.get(key)?.metadata.uid ?? `uid-${this.version}`,
      resourceVersion: String(this.version),
    };
    this.objects.set(key, stored);
    return structuredClone(stored);
  }

  /** Another field manager writes an annotation of its own, whatever was there. */
  editFromOutside(key: string, mark: string): void {
    const live = this.objects.get(key);
    if (!live) return;
    this.put({
      ...live,
      metadata: {
        ...live.metadata,
        annotations: { ...live.metadata.annotations, [mark]: 'kept' },
      },
    });
    this.effects.push({ key, mark, action: 'patch', at: this.now() });
  }
}

/** The same for an object and for what names it. */
export function keyOf(object: {
  kind: string;
  namespace?: string;
  name: string;
}): string {
  return `${object.kind}/${object.namespace}/${object.name}`;
}

function refusalOf(
  action: PlanOperation['action'],
  live: KubeObject | undefined,
  base: PlanOperation['base'],
): string | undefined {
  if (action === 'create') {
    return live ? 'it exists' : undefined;
  }
  const same =
    live?.metadata.uid === base?.uid &&
    live?.metadata.resourceVersion === base?.resourceVersion;
  return same ? undefined : 'it is not what it was';
}

function desiredOf(
  operation: PlanOperation,
  context: WriteContext,
  live: KubeObject | undefined,
): KubeObject {
  if (operation.action === 'patch' && live) {
    return applyJsonPatch(live, [
      ...(operation.patch ?? []),
      ...annotationPatch(operation, live, context),
    ]);
  }
  if (operation.action === 'delete' && live) {
    return live;
  }
  const body = structuredClone(operation.body) as unknown as KubeObject;
  body.metadata.annotations = {
    ...body.metadata.annotations,
    ...annotationsOf(context),
  };
  return body;
}

function applied(object: KubeObject): WriteResult {
  return { outcome: 'applied', status: 200, object, warnings: [] };
}
