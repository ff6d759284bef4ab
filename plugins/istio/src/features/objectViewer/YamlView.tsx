import { useEffect, useRef } from 'react';
import type { ReactNode } from 'react';
import { Spoken } from '../../components';
import styles from './objectViewer.module.css';

/**
 * Lines of YAML with numbers; the marked ones are scrolled to and spoken as such. What stands above them
 * stays in sight and holds a button: a box that scrolls must be reachable by keyboard.
 */
export function YamlView(props: {
  lines: readonly { text: string; marked: boolean }[];
  label: string;
  /** What is marked, and what can be done with the text. */
  children: ReactNode;
}) {
  const { lines, label, children } = props;
  const box = useRef<HTMLDivElement>(null);
  const first = lines.findIndex(line => line.marked);
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>('mark');
    if (!box.current || !line) return;
    box.current.scrollTop = line.offsetTop - box.current.clientHeight / 3;
  }, [first]);
  return (
    <div ref={box} className={styles.yaml} role="region" aria-label={label}>
      <div className={styles.bar}>{children}</div>
      {lines.map((line, index) => {
        const Line = line.marked ? 'mark' : 'span';
        return (
          // Lines have no identity beyond their place.
          <Line key={index} className={styles.line}>
            {index === first && <Spoken>{'marked: '}</Spoken>}
            {line.text}
            {line.marked && !lines[index + 1]?.marked && (
              <Spoken> (end of the marked lines)</Spoken>
            )}
          </Line>
        );
      })}
    </div>
  );
}
