// One mention in a list: who, where, when, the text with its evidence, what it was taken for.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { href_of } from "../route";
import type { Mention } from "../types";
import { Ago, Issue, Outside, PolarityTag } from "./bits";
import { useEvidence } from "./explained";
import { Marked } from "./marked";

const long_text = 600;

export function Post({ mention, now, head, children }: { mention: Mention; now: number; head?: ComponentChildren; children?: ComponentChildren }) {
  const { evidence, ref } = useEvidence(mention.id, mention.brand, mention.lexicon_version);
  const [open, set_open] = useState(false);
  const long = mention.text.length > long_text;
  return (
    <article class="post" ref={ref} aria-label={`Mention by ${mention.author || "unknown"}`}>
      <header class="post-head">
        {head}
        <bdi class="author">{mention.author || "unknown author"}</bdi>
        <span class="faint">{mention.source}</span>
        <span class="faint"><Ago at={mention.created_at} now={now} /></span>
      </header>
      {mention.deleted ? (
        <p class="empty">Deleted by its author or platform.</p>
      ) : (
        <div class={long && !open ? "folded" : ""}>
          <Marked title={mention.title} text={mention.text} evidence={evidence} />
        </div>
      )}
      {long && !mention.deleted && (
        <button type="button" class="link" aria-expanded={open} onClick={() => set_open(!open)}>{open ? "Show less" : "Show all of it"}</button>
      )}
      <footer class="post-foot">
        <PolarityTag polarity={mention.polarity} score={mention.score} />
        {mention.issues.filter((i) => i !== "other").map((issue) => <Issue key={issue} name={issue} />)}
        {mention.labelled && <span class="chip">labelled by a person</span>}
        <a href={href_of("mention", mention.id, { brand: mention.brand })}>Why<span class="unseen"> was this judged so</span>?</a>
        <Outside url={mention.url}>Original</Outside>
      </footer>
      {children}
    </article>
  );
}
