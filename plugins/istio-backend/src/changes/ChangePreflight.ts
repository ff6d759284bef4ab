import { toError } from '@backstage/errors';
import type {
  DryRunResult,
  Plan,
  PlanOperation,
} from '@istio-backstage/plugin-istio-common';
import type {
  ActingUser,
  MeshWriter,
} from '@istio-backstage/plugin-istio-node';
import { ulid } from 'ulid';
import { nameObject } from './changeWords';

/** Why an operation cannot go out, and what that makes of the change. */
export interface PreflightRefusal {
  kind: 'denied' | 'conflict' | 'failed' | 'unavailable';
  text: string;
}

/** What the clusters said when asked. */
export interface PreflightResult {
  dryRun: DryRunResult[];
  refusals: PreflightRefusal[];
}

type Verdict = Pick<DryRunResult, 'result' | 'message' | 'warnings'> & {
  refusal?: PreflightRefusal;
};

/** Asks each cluster, as the user, whether it would take the operations. Nothing is stored. */
export class ChangePreflight {
  static create(options: { writer: MeshWriter }): ChangePreflight {
    return new ChangePreflight(options.writer);
  }

  private constructor(private readonly writer: MeshWriter) {}

  async run(options: {
    plan: Plan;
    changeId: string;
    changedBy: string;
    actingUsers: Record<string, ActingUser>;
  }): Promise<PreflightResult> {
    const results = await Promise.all(
      options.plan.operations.map(async operation => {
        const { cluster, apiVersion, kind } = operation.object;
        const [verdict, istioWebhook] = await Promise.all([
          this.ask(operation, options),
          this.writer
            .istioWebhookFor(cluster, apiVersion, kind)
            .catch(() => 'unknown' as const),
        ]);
        const { refusal, ...dryRun } = verdict;
        return {
          dryRun: {
            cluster,
            object: operation.object,
            istioWebhook,
            ...dryRun,
          },
          refusal,
        };
      }),
    );
    return {
      dryRun: results.map(({ dryRun }) => dryRun),
      refusals: results.flatMap(({ refusal }) => (refusal ? [refusal] : [])),
    };
  }

  private async ask(
    operation: PlanOperation,
    options: {
      changeId: string;
      changedBy: string;
      actingUsers: Record<string, ActingUser>;
    },
  ): Promise<Verdict> {
    const { object, action } = operation;
    const actingUser = options.actingUsers[object.cluster];
    if (!actingUser) {
      // The reason stands beside the identity; here only that nothing was asked.
      return {
        result: 'notRun',
        message: `Nobody to act as in ${object.cluster}`,
        warnings: [],
      };
    }
    try {
      const access = await this.writer.authorizeWrite({
        cluster: object.cluster,
        actingUser,
        object,
        verb: action,
      });
      if (!access.allowed) {
        const text =
          access.reason ??
          `${actingUser.user} may not ${action} ${nameObject(object)}`;
        return {
          result: 'refused',
          message: text,
          warnings: [],
          refusal: { kind: 'denied', text },
        };
      }
      return await this.dryRun(operation, { ...options, actingUser });
    } catch (error) {
      const text = toError(error).message;
      return {
        result: 'notRun',
        message: text,
        warnings: [],
        refusal: { kind: 'unavailable', text },
      };
    }
  }

  private async dryRun(
    operation: PlanOperation,
    options: { changeId: string; changedBy: string; actingUser: ActingUser },
  ): Promise<Verdict> {
    const result = await this.writer.write(operation, {
      actingUser: options.actingUser,
      changeId: options.changeId,
      changedBy: options.changedBy,
      attemptId: ulid(),
      dryRun: true,
    });
    if (result.outcome === 'applied') {
      return { result: 'accepted', warnings: result.warnings };
    }
    const text = `${nameObject(operation.object)}: ${result.message}`;
    const unanswered = result.outcome === 'unknown' || result.status === 0;
    return {
      result: unanswered ? 'notRun' : 'refused',
      message: result.message,
      warnings: result.outcome === 'unknown' ? [] : result.warnings,
      refusal: {
        kind:
          result.outcome === 'unknown' || result.status === 0
            ? 'unavailable'
            : result.outcome,
        text,
      },
    };
  }
}
