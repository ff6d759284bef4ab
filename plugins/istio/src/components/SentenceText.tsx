import type { Sentence } from '@istio-backstage/plugin-istio-common';
import { EntityLink } from './EntityLink';
import { splitLead } from './splitLead';

/** Keeps a number and its unit on one line. */
function keepUnits(text: string): string {
  return text.replace(/(\d) (%|s|ms|min|h)(?![a-z])/g, '$1\u00a0$2');
}

/** A sentence of the core; parts that name a catalog entity become links. */
export function SentenceText(props: {
  sentence: Sentence;
  /** Sets the status word that a verdict opens with in bold. */
  boldLead?: boolean;
}) {
  const { sentence, boldLead } = props;
  const { lead, rest } = boldLead
    ? splitLead(sentence)
    : { lead: undefined, rest: sentence };
  return (
    <>
      {lead && <strong>{lead}: </strong>}
      {rest.map((part, index) => {
        // Parts have no identity of their own and are never reordered.
        const key = `${index}:${part.text}`;
        return part.entityRef ? (
          <EntityLink key={key} entityRef={part.entityRef} mesh inline>
            {part.text}
          </EntityLink>
        ) : (
          <span key={key}>{keepUnits(part.text)}</span>
        );
      })}
    </>
  );
}

/** The sentence without links, for labels and titles. */
export function sentenceToText(sentence: Sentence): string {
  return sentence.map(part => part.text).join('');
}
