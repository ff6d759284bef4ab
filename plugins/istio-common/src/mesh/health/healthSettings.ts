import { z } from 'zod';
import { DEFAULT_THRESHOLDS, KIALI_THRESHOLDS } from './thresholds';
import type { HealthThresholds } from './types';

const percentSchema = z
  .object({
    degradedPercent: z.number().min(0).max(100),
    failingPercent: z.number().min(0).max(100),
  })
  .strict()
  .refine(value => value.degradedPercent <= value.failingPercent, {
    message: 'degradedPercent must not be above failingPercent',
  });

/**
 * What may be set about health: in the portal's configuration, and as JSON in the annotation
 * `istio-portal.dev/health` of a Namespace or an entity. What is left out is inherited.
 *
 * @public
 */
export const healthSettingsSchema = z
  .object({
    preset: z.enum(['default', 'kiali']).optional(),
    errors: percentSchema.optional(),
    clientErrors: percentSchema.optional(),
    latencyP99Ms: z
      .object({
        degraded: z.number().positive(),
        failing: z.number().positive(),
      })
      .strict()
      .refine(value => value.degraded <= value.failing, {
        message: 'degraded must not be above failing',
      })
      .optional(),
    minimumRequests: z.number().int().min(0).optional(),
  })
  .strict();
/** @public */
export type HealthSettings = z.infer<typeof healthSettingsSchema>;

/**
 * The settings laid over what they inherit from. Naming a preset starts from that preset instead.
 *
 * @public
 */
export function applyHealthSettings(
  inherited: HealthThresholds,
  settings: HealthSettings,
): HealthThresholds {
  const { preset, errors, clientErrors, latencyP99Ms, minimumRequests } =
    settings;
  const base = presetOf(preset) ?? inherited;
  return {
    ...base,
    ...(errors && { errors: toShares(errors) }),
    ...(clientErrors && { clientErrors: toShares(clientErrors) }),
    ...(latencyP99Ms && { latencyP99Ms }),
    ...(minimumRequests !== undefined && { minimumRequests }),
  };
}

function presetOf(
  preset: HealthSettings['preset'],
): HealthThresholds | undefined {
  if (preset === undefined) return undefined;
  return preset === 'kiali' ? KIALI_THRESHOLDS : DEFAULT_THRESHOLDS;
}

function toShares(percent: z.infer<typeof percentSchema>) {
  return {
    degraded: percent.degradedPercent / 100,
    failing: percent.failingPercent / 100,
  };
}
