import type { LoggerService } from '@backstage/backend-plugin-api';
import { InputError, toError } from '@backstage/errors';
import {
  applyMode,
  evaluatePolicies,
  guardrailVerdictSchema,
  POLICIES,
  policyVersionOf,
  type GuardrailSettings,
  type GuardrailVerdict,
  type PolicyInput,
} from '@istio-backstage/plugin-istio-common';
import type {
  GuardrailPolicy,
  OwnVerdict,
} from '@istio-backstage/plugin-istio-node';
import { z } from 'zod';

const ownVerdictsSchema = z.array(
  guardrailVerdictSchema.omit({ policy: true, policyVersion: true }).strict(),
);

/** Options of {@link Guardrails}. */
export interface GuardrailsOptions {
  settings: GuardrailSettings;
  /** Those of the adopter. */
  policies: readonly GuardrailPolicy[];
  logger: LoggerService;
  /** What one of the adopter's gets to answer. Default 5,000. */
  timeoutMs?: number;
}

/** The guardrails with their settings, the adopter's own among them. */
export class Guardrails {
  /** Throws InputError for a mode of a guardrail that does not exist: a typing error would leave it enforced, or not. */
  static create(options: GuardrailsOptions): Guardrails {
    const { settings, policies } = options;
    const ids = [...POLICIES, ...policies].map(({ id }) => id);
    const sections = [
      { key: 'modes', modes: settings.modes },
      ...Object.entries(settings.environments).map(([name, { modes }]) => ({
        key: `environments.${name}.modes`,
        modes,
      })),
    ];
    for (const { key, modes } of sections) {
      const unknown = Object.keys(modes).find(id => !ids.includes(id));
      if (unknown !== undefined) {
        throw new InputError(
          `istio.guardrails.${key}.${unknown}: there is no such guardrail; there are ${ids.join(
            ', ',
          )}`,
        );
      }
    }
    return new Guardrails(options);
  }

  /** Rules and settings together; verdicts and approvals carry it. */
  readonly version: string;

  private constructor(private readonly options: GuardrailsOptions) {
    this.version = policyVersionOf(options.settings, options.policies);
  }

  /** What every guardrail says to a plan. Never throws for what one of them does. */
  async evaluate(
    input: Omit<PolicyInput, 'settings'>,
  ): Promise<GuardrailVerdict[]> {
    const { settings, policies } = this.options;
    const whole = { ...input, settings };
    const own = await Promise.all(
      policies.map(async policy =>
        applyMode(await this.ask(policy, whole), { input: whole, policy }),
      ),
    );
    return [...evaluatePolicies(whole), ...own.flat()].map(verdict => ({
      ...verdict,
      policyVersion: this.version,
    }));
  }

  private async ask(
    policy: GuardrailPolicy,
    input: PolicyInput,
  ): Promise<GuardrailVerdict[]> {
    const { logger, timeoutMs = 5_000 } = this.options;
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const answer: OwnVerdict[] = await Promise.race([
        Promise.resolve(policy.evaluate(input, { signal })),
        aborted(signal, timeoutMs),
      ]);
      return ownVerdictsSchema
        .parse(answer)
        .map(verdict => ({ ...verdict, policy: policy.id }));
    } catch (error) {
      // Its message may hold anything: it is for the log, not for who asked.
      logger.error(
        `The guardrail '${policy.id}' could not judge a plan`,
        toError(error),
      );
      return [
        {
          policy: policy.id,
          verdict: 'deny',
          text: `The guardrail ${policy.id} could not judge this change (${policy.description}); its log says why`,
        },
      ];
    }
  }
}

function aborted(signal: AbortSignal, timeoutMs: number): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () =>
      reject(new Error(`no answer within ${timeoutMs} ms`)),
    );
  });
}
