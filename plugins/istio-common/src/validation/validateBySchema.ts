import gatewayApi from '../schema/gatewayApi.json';
import type { FieldError } from '../schema/fieldErrors';
import { NO_REFERENCES, type SchemaNode } from '../schema/schemaNode';
import { shapeObject } from '../schema/shapeObject';
import { validateAgainstSchema } from '../schema/validateAgainstSchema';
import type { KubeObject } from '../resources/types';
import { describeFieldError } from './describeFieldError';
import type { ObjectValidation } from './types';

interface KindSchema {
  versions: string[];
  /** Of the whole object, with `spec` alone as its field. */
  schema: SchemaNode;
}

/** By group and kind; made by packages/sandbox/scripts/generateSchemas.ts from the CRDs that the lab pins. */
const SCHEMAS = new Map(
  Object.entries(gatewayApi as unknown as Record<string, KindSchema>),
);

/**
 * What the API server would say by the kind's CRD: structure, CEL rules, and as warnings the fields that it would
 * drop. Undefined for kinds, and versions of kinds, whose schema is not known here.
 */
export function validateBySchema({
  apiVersion,
  kind,
  spec,
}: KubeObject): ObjectValidation | undefined {
  const [group, version] = apiVersion.split('/');
  const known = SCHEMAS.get(`${group}/${kind}`);
  if (!known?.versions.includes(version)) {
    return undefined;
  }
  const { schema } = known;
  // The API server takes a null for an absent field.
  const written = spec ?? undefined;
  const { object, unknownFields } = shapeObject(
    { spec: written },
    schema,
    NO_REFERENCES,
  );
  const { errors, notEvaluated } = validateAgainstSchema({
    object,
    schema,
    references: NO_REFERENCES,
  });
  return {
    judged: true,
    judge: 'apiServer',
    errors: errors.filter(isAboutObject).map(describeFieldError),
    warnings: [
      ...unknownFields.map(
        field => `${field}: is no field of ${kind}, the API server drops it`,
      ),
      ...notEvaluated.map(rule => `${rule}: could not be checked here`),
    ],
  };
}

/** The remark that rules were left out because of the errors beside it. */
function isAboutObject({ field, message }: FieldError): boolean {
  return field !== '<nil>' || !message.includes('were not checked');
}
