import type {
  ChangePreview,
  Sentence,
} from '@istio-backstage/plugin-istio-common';

/** What a person reads of a preview before anything is written, one line each. */
export function describePreview(preview: ChangePreview): string[] {
  const { apply, guardrails, findings, keptAsIs } = preview;
  return [
    preview.title,
    textOf(preview.effect),
    ...(preview.detail ? [textOf(preview.detail)] : []),
    ...guardrails
      .filter(({ verdict }) => verdict !== 'pass')
      .map(({ verdict, text }) => `Guardrail, ${verdict}: ${text}`),
    ...findings.added.map(({ text }) => `New finding: ${text}`),
    ...findings.cleared.map(({ text }) => `Finding that goes: ${text}`),
    ...keptAsIs.map(text => `Stays as it is: ${text}`),
    ...(apply.allowed
      ? []
      : apply.reasons.map(reason => `Cannot be applied: ${reason}`)),
  ].filter(line => line !== '');
}

/** The words of a sentence. */
export function textOf(sentence: Sentence): string {
  return sentence.map(({ text }) => text).join('');
}

const MARKS = { context: '  ', added: '+ ', removed: '- ', gap: '... ' };

/** The objects of the plan with their diffs, as text. */
export function diffOf({ plan }: ChangePreview): string {
  return plan.operations
    .flatMap(({ object, action, diff }) => [
      `${action} ${object.kind} ${object.namespace ?? ''}/${object.name} in ${
        object.cluster
      }`,
      ...diff.map(({ kind, text }) => `${MARKS[kind]}${text}`),
    ])
    .join('\n');
}
