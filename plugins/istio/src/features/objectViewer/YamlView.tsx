import { useEffect, useRef } from 'react';
import { Spoken } from '../../components';
import styles from './objectViewer.module.css';

/** Lines of YAML with numbers; the marked ones are scrolled to and spoken as such. */
export function YamlView(props: {
  lines: readonly { text: string; marked: boolean }[];
  label: string;
}) {
  const { lines, label } = props;
  const box = useRef<HTMLDivElement>(null);
  const first = lines.findIndex(line => line.marked);
  useEffect(() => {
    const line = box.current?.querySelector<HTMLElement>('mark');
    if (!box.current || !line) return;
    box.current.scrollTop = line.offsetTop - box.current.clientHeight / 3;
  }, [first]);
  return (
    <div
      ref={box}
      className={styles.yaml}
      role="region"
      aria-label={label}
      // A box that scrolls must be reachable by keyboard.
      tabIndex={0}
    >
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
