// Text of a post with its evidence marked. Every piece is a text node: a post is never markup.
import { is_strong, notable, reason, segments, tint, type Segment } from "../evidence";
import type { Evidence } from "../types";

const encoder = new TextEncoder();

function Piece({ segment }: { segment: Segment }) {
  if (segment.evidence.length === 0) return <>{segment.text}</>;
  const why = reason(segment.evidence);
  const name = `${tint(segment.evidence)}${is_strong(segment.evidence) ? " strong" : ""}`;
  return (
    <mark class={name} title={why}>
      {segment.text}
      <span class="unseen"> ({why}) </span>
    </mark>
  );
}

export function Marked({ title, text, evidence }: { title: string; text: string; evidence: Evidence[] }) {
  const cut = segments(text, notable(evidence, encoder.encode(text).length));
  return (
    <>
      {title && <p class="post-title" dir="auto">{title}</p>}
      <p class="post-text" dir="auto">{cut.map((s, i) => <Piece key={i} segment={s} />)}</p>
    </>
  );
}
