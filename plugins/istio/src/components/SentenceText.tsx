import type { Sentence } from '@istio-backstage/plugin-istio-common';
import { EntityLink } from './EntityLink';

/**
 * A sentence of the core; parts that name a catalog entity become links. `lead` is a status word:
 * when the sentence opens with it and a colon, that opening is set in bold.
 */
export function SentenceText(props: { sentence: Sentence; lead?: string }) {
  const { sentence, lead } = props;
  const opening = lead ? `${lead}:` : undefined;
  return (
    <>
      {sentence.map((part, index) => {
        // Parts have no identity of their own and are never reordered.
        const key = `${index}:${part.text}`;
        if (part.entityRef) {
          return (
            <EntityLink key={key} entityRef={part.entityRef} mesh inline>
              {part.text}
            </EntityLink>
          );
        }
        if (index === 0 && opening && part.text.startsWith(opening)) {
          return (
            <span key={key}>
              <strong>{opening}</strong>
              {part.text.slice(opening.length)}
            </span>
          );
        }
        return <span key={key}>{part.text}</span>;
      })}
    </>
  );
}

/** The sentence without links, for labels and titles. */
export function sentenceToText(sentence: Sentence): string {
  return sentence.map(part => part.text).join('');
}
