// Labelling one mention after the other by keyboard: those first whose label teaches most.
import type { RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { act } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import { plural, words } from "../format";
import { Ago, Card, Issue, Outside, PolarityTag } from "../parts/bits";
import { useEvidence } from "../parts/explained";
import { Marked } from "../parts/marked";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import { issue_types, type Label, type Mention, type Polarity } from "../types";

const keys: Record<string, Polarity> = { 1: "negative", 2: "neutral", 3: "positive" };
const help = [
  ["1", "negative"], ["2", "neutral"], ["3", "positive"], ["i", "choose issues"], ["s", "skip"], ["z", "undo"], ["?", "this help"],
] as const;

function Labels({ brand, reload_key }: { brand: string; reload_key: number }) {
  const { link, may_act } = useScope();
  const now = useNow();
  const found = useData<{ labels: Label[] }>(path_of("labels", { brand, limit: 20 }), ["acted"]);
  useEffect(() => { if (reload_key > 0) found.reload(); }, [reload_key]);
  const take_back = async (label: Label) => {
    if (await act(() => post(`mentions/${label.mention.id}/unlabel`, { brand }), "Label taken back.")) found.reload();
  };
  return (
    <Card id="labels" title="Latest labels">
      <Show of={found}>{({ labels }) => labels.length === 0
        ? <Empty>None yet. Every label wins over the rules for ever, and teaches <code>earshot train</code>.</Empty>
        : <ul class="short-list">{labels.map((l) => (
            <li key={l.mention.id} class="label-row">
              <a href={link("mention", l.mention.id)} dir="auto">{(l.mention.title || l.mention.text).slice(0, 120) || "(deleted)"}</a>
              <span class="faint small">{l.polarity && <PolarityTag polarity={l.polarity} />} {(l.issues ?? []).map(words).join(", ")} <bdi>{l.by}</bdi> <Ago at={l.at} now={now} /></span>
              <button type="button" class="link" disabled={!may_act} onClick={() => void take_back(l)}>Take back</button>
            </li>
          ))}</ul>}
      </Show>
    </Card>
  );
}

function Shown({ mention: m }: { mention: Mention }) {
  const { evidence, ref } = useEvidence(m.id, m.brand, m.lexicon_version);
  return <div ref={ref as RefObject<HTMLDivElement>}><Marked title={m.title} text={m.text} evidence={evidence} /></div>;
}

function Sitting({ mentions, reload, labelled }: { mentions: Mention[]; reload: () => void; labelled: () => void }) {
  const { brand, may_act } = useScope();
  const now = useNow();
  const [at, set_at] = useState(0);
  const [issues, set_issues] = useState<string[] | null>(null);
  const [choosing, set_choosing] = useState(false);
  const [shows_help, set_shows_help] = useState(false);
  /** What was done, newest last: the place, and whether a label was written there. */
  const done = useRef<{ at: number; id: string; wrote: boolean }[]>([]);
  const [count, set_count] = useState(0);
  const busy = useRef(false);
  const box = useRef<HTMLFieldSetElement>(null);
  const m = mentions[at];

  const next = () => { set_at(at + 1); set_issues(null); set_choosing(false); };
  const label = async (polarity: Polarity) => {
    if (!m || busy.current || !may_act) return;
    busy.current = true;
    const body = { brand, polarity, ...(issues ? { issues } : {}) };
    if (await act(() => post(`mentions/${m.id}/label`, body), "")) {
      done.current.push({ at, id: m.id, wrote: true });
      set_count(count + 1);
      next();
      labelled();
    }
    busy.current = false;
  };
  const skip = () => { if (m) { done.current.push({ at, id: m.id, wrote: false }); next(); } };
  const undo = async () => {
    const last = done.current[done.current.length - 1];
    if (!last || busy.current) return;
    busy.current = true;
    if (!last.wrote || (await act(() => post(`mentions/${last.id}/unlabel`, { brand }), "Taken back."))) {
      done.current.pop();
      if (last.wrote) { set_count(count - 1); labelled(); }
      set_at(last.at);
      set_issues(null);
      set_choosing(false);
    }
    busy.current = false;
  };

  // With the drawing, not after it: a key counts from the moment its post can be seen.
  useLayoutEffect(() => {
    const pressed = (e: KeyboardEvent) => {
      const target = e.target as HTMLElement;
      if (e.ctrlKey || e.metaKey || e.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && !(target instanceof HTMLInputElement && target.type === "checkbox")) return;
      const polarity = keys[e.key];
      if (polarity) void label(polarity);
      else if (e.key === "i") set_choosing(!choosing);
      else if (e.key === "s") skip();
      else if (e.key === "z") void undo();
      else if (e.key === "?") set_shows_help(!shows_help);
      else if (e.key === "Escape") { set_choosing(false); set_shows_help(false); }
      else return;
      e.preventDefault();
    };
    addEventListener("keydown", pressed);
    return () => removeEventListener("keydown", pressed);
  });
  useEffect(() => { if (choosing) box.current?.querySelector("input")?.focus(); }, [choosing]);

  const chosen = issues ?? m?.issues ?? [];
  return (
    <>
      <p class="faint" role="status">
        {m ? `${at + 1} of ${mentions.length}` : "All seen"}, {plural(count, "label")} in this sitting.{!may_act && " Your token may read only."}
      </p>
      {m ? (
        <article class="post large review" aria-label={`Mention by ${m.author || "unknown"}`} aria-live="polite">
          <header class="post-head"><bdi class="author">{m.author || "unknown author"}</bdi><span class="faint">{m.source}</span><span class="faint"><Ago at={m.created_at} now={now} /></span><Outside url={m.url}>Original</Outside></header>
          <Shown key={m.id} mention={m} />
          <p class="post-foot"><span class="faint small">Judged as</span><PolarityTag polarity={m.polarity} score={m.score} />{chosen.map((i) => <Issue key={i} name={i} />)}</p>
        </article>
      ) : (
        <Empty>These are done. <button type="button" onClick={reload}>Look for more</button></Empty>
      )}
      {choosing && m && (
        <fieldset class="card" ref={box}>
          <legend>What is it about?</legend>
          <div class="choices">{issue_types.map((issue) => (
            <label key={issue} class="choice"><input type="checkbox" checked={chosen.includes(issue)} onChange={() => set_issues(chosen.includes(issue) ? chosen.filter((c) => c !== issue) : [...chosen, issue])} /> {words(issue)}</label>
          ))}</div>
        </fieldset>
      )}
      <div class="buttons keys">
        {(["1", "2", "3"] as const).map((key) => {
          const polarity = keys[key] ?? "neutral";
          return <button key={key} type="button" class={`verdict ${polarity}`} disabled={!m || !may_act} onClick={() => void label(polarity)}><kbd>{key}</kbd> {polarity}</button>;
        })}
        <button type="button" disabled={!m} aria-expanded={choosing} onClick={() => set_choosing(!choosing)}><kbd>i</kbd> issues</button>
        <button type="button" disabled={!m} onClick={skip}><kbd>s</kbd> skip</button>
        <button type="button" onClick={() => void undo()}><kbd>z</kbd> undo</button>
        <button type="button" aria-expanded={shows_help} onClick={() => set_shows_help(!shows_help)}><kbd>?</kbd> help</button>
      </div>
      {shows_help && <dl class="card help">{help.map(([key, text]) => <div key={key}><dt><kbd>{key}</kbd></dt><dd>{text}</dd></div>)}</dl>}
    </>
  );
}

export function ReviewView() {
  const { brand } = useScope();
  const found = useData<{ mentions: Mention[] }>(path_of("review", { brand, limit: 20 }));
  const [sitting, set_sitting] = useState(0);
  const [labelled, set_labelled] = useState(0);
  // A sitting keeps what it began with: what is labelled must not shift what comes next.
  const again = () => { set_sitting(sitting + 1); found.reload(); };
  return (
    <>
      <h1>Review</h1>
      <p class="faint">Posts whose label would teach most. How does the writer feel about {brand}?</p>
      <Show of={found} lines={6}>{({ mentions }) => mentions.length === 0
        ? <Empty>Nothing to review yet. The rules' least certain verdicts appear here.</Empty>
        : <Sitting key={`${sitting} ${mentions[0]?.id}`} mentions={mentions} reload={again} labelled={() => set_labelled(labelled + 1)} />}
      </Show>
      <Labels brand={brand} reload_key={labelled} />
    </>
  );
}
