import { z } from 'zod';

/** RFC 1123 label, as Kubernetes wants names of namespaces and Services. */
export const nameSchema = z
  .string()
  .min(1)
  .max(253)
  .regex(
    /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/,
    'must be a Kubernetes name: lower case letters, digits, "-" and "."',
  );

/** Which Service in which clusters. */
export const serviceTargetShape = {
  clusters: z.array(z.string().min(1)).min(1),
  namespace: nameSchema,
  service: nameSchema,
};

/** A rule of an object that routes HTTP requests. */
export const routeTargetSchema = z.object({
  kind: z.enum(['VirtualService', 'HTTPRoute']),
  namespace: nameSchema,
  name: nameSchema,
  fieldPath: z
    .string()
    .regex(
      /^(http|tcp|tls|rules)\[\d{1,4}\]$/,
      'must look like http[0] or rules[0]',
    ),
});

/** A rule of any object that shares out requests or connections. */
export const weightedRouteSchema = routeTargetSchema.extend({
  kind: z.enum([
    'VirtualService',
    'HTTPRoute',
    'GRPCRoute',
    'TCPRoute',
    'TLSRoute',
  ]),
});
