/** A group of things to read or to set, laid out like the script: its name in the margin, the rest in the column. */
import './section.css';
import { type ReactNode, useId } from 'react';

interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

export function Section({ title, about, children }: SectionProps) {
  const id = useId();
  return (
    <section className="section" aria-labelledby={id}>
      <h3 className="section-title" id={id}>
        {title}
      </h3>
      <div>
        {about && <p className="section-about">{about}</p>}
        {children}
      </div>
    </section>
  );
}
