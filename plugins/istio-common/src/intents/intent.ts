import { z } from 'zod';
import { INTENTS } from './list';
import type { IntentDefinition } from './types';

type Listed = (typeof INTENTS)[number];
export type IntentType = Listed['type'];

/** Parameters by the intent's name. */
export type IntentParamsOf<TType extends IntentType> = Extract<
  Listed,
  { type: TType }
> extends IntentDefinition<string, infer TParams>
  ? TParams
  : never;

/** One kind of intent. */
export type IntentOf<TType extends IntentType> = {
  type: TType;
  params: IntentParamsOf<TType>;
};

/** What a person wants, typed; compiled to objects by the intent's own folder. */
export type Intent = {
  [TType in IntentType]: IntentOf<TType>;
}[IntentType];

type Option = z.ZodObject<{
  type: z.ZodLiteral<IntentType>;
  params: z.ZodType<Intent['params'], z.ZodTypeDef, unknown>;
}>;

const [first, ...others] = INTENTS.map(
  ({ type, params }): Option => z.object({ type: z.literal(type), params }),
);

/** One option per intent of the list; that a name goes with its own parameters is said by {@link Intent}. */
export const intentSchema = z.discriminatedUnion('type', [
  first,
  ...others,
]) as unknown as z.ZodType<Intent>;
