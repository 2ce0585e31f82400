import { useEffect, useRef, useState, type ReactNode } from 'react';
import styles from './table.module.css';

type Props = { label: string; className?: string | undefined; children: ReactNode };

// What is around a table: it scrolls sideways where there is no room, and then the keyboard reaches it, too.
export function TableFrame({ label, className, children }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () =>
      setScrolls(element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight);
    const watch = new ResizeObserver(look);
    watch.observe(element);
    if (element.firstElementChild) watch.observe(element.firstElementChild);
    look();
    return () => watch.disconnect();
  }, []);
  const reachable = scrolls ? { role: 'region', 'aria-label': `${label}, scrolls`, tabIndex: 0 } : {};
  return (
    <div ref={box} className={className ? `${styles.frame} ${className}` : styles.frame} {...reachable}>
      {children}
    </div>
  );
}
