// Text of a post with its evidence marked. Every piece is a text node: a post is never markup.
import { is_strong, judged_text, notable, parts, reason, tint, type Segment } from "../evidence";
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

export function Marked({ title, text, evidence, all = false }: { title: string; text: string; evidence: Evidence[]; all?: boolean }) {
  const bytes = encoder.encode(judged_text(title, text)).length;
  const cut = parts(title, text, all ? evidence.filter((e) => e.end - e.begin < bytes) : notable(evidence, bytes));
  return (
    <>
      {title && <p class="post-title" dir="auto">{cut.title.map((s, i) => <Piece key={i} segment={s} />)}</p>}
      <p class="post-text" dir="auto">{cut.text.map((s, i) => <Piece key={i} segment={s} />)}</p>
    </>
  );
}
