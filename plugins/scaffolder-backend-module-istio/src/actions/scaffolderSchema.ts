import type { TemplateActionOptions } from '@backstage/plugin-scaffolder-node';

/** Makes the schema of one field with it. */
export type Field = NonNullable<
  NonNullable<TemplateActionOptions['schema']>['output']
>[string];

/** The zod that the scaffolder hands to schemas. */
export type ScaffolderZod = Parameters<Field>[0];

/**
 * A schema of the API's contract as the scaffolder wants it typed. Both are zod 3, but the types of
 * two installed copies do not know each other; `typed` is a schema of the scaffolder's copy whose
 * values have the same type.
 */
export function fromContract<TSchema>(
  schema: unknown,
  typed: TSchema,
): TSchema {
  return schema as typeof typed;
}
