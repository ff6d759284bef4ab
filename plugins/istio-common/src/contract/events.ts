import { z } from 'zod';

/**
 * One server-sent event: refs whose data changed, nothing else; who listens refetches through the
 * authorized API. `*` stands for "anything" (a cluster came back, the stream had a gap).
 */
export const meshEventSchema = z.object({ entityRefs: z.array(z.string()) });
export type MeshEvent = z.infer<typeof meshEventSchema>;
