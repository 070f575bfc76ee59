/** A group of things to read or to set, laid out like the script: its name in the margin, the rest in the column. */
import './section.css';
import type { ReactNode } from 'react';

interface SectionProps {
  readonly title: string;
  readonly about?: string;
  readonly children: ReactNode;
}

/** By which a section is reached from a list of them. */
export function sectionId(title: string): string {
  return `section-${title.toLowerCase().replace(/\s+/g, '-')}`;
}

export function Section({ title, about, children }: SectionProps) {
  const id = sectionId(title);
  return (
    <section className="section" id={id} aria-labelledby={`${id}-title`}>
      <h3 className="section-title" id={`${id}-title`}>
        {title}
      </h3>
      <div>
        {about && <p className="section-about">{about}</p>}
        {children}
      </div>
    </section>
  );
}
