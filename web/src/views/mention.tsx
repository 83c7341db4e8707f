// One mention: its text with every piece of evidence, the verdict per brand, and a person's own judgement.
import { useState } from "preact/hooks";
import { act } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import { notable, utf16_offsets } from "../evidence";
import { decimal, percent, signed, words } from "../format";
import { Ago, Bar, Card, Issue, Outside, PolarityTag, When } from "../parts/bits";
import { Marked } from "../parts/marked";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import { issue_types, type ExplainedMention, type Mention, type Polarity, type Verdict } from "../types";

const polarities = ["negative", "neutral", "positive"] as const;

function LabelForm({ mention, reload }: { mention: Mention; reload: () => void }) {
  const { may_act } = useScope();
  const [polarity, set_polarity] = useState<Polarity>(mention.polarity);
  const [issues, set_issues] = useState<string[]>(mention.issues);
  const [note, set_note] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { brand: mention.brand, polarity, issues, ...(note ? { note } : {}) };
    if (await act(() => post(`mentions/${mention.id}/label`, body), "Labelled. This judgement wins over every rule.")) reload();
  };
  const unlabel = async () => {
    if (await act(() => post(`mentions/${mention.id}/unlabel`, { brand: mention.brand }), "Label taken back. The rules judge again.")) reload();
  };
  return (
    <form onSubmit={submit} class="label-form">
      <fieldset disabled={!may_act}>
        <legend>How does the writer feel about {mention.brand}?</legend>
        <div class="choices">{polarities.map((p) => (
          <label key={p} class="choice"><input type="radio" name="polarity" value={p} checked={polarity === p} onChange={() => set_polarity(p)} /> {p}</label>
        ))}</div>
      </fieldset>
      <fieldset disabled={!may_act}>
        <legend>What is it about?</legend>
        <div class="choices">{issue_types.map((issue) => (
          <label key={issue} class="choice">
            <input type="checkbox" checked={issues.includes(issue)} onChange={() => set_issues(issues.includes(issue) ? issues.filter((i) => i !== issue) : [...issues, issue])} /> {words(issue)}
          </label>
        ))}</div>
      </fieldset>
      <label class="field"><span>Why (optional)</span><input value={note} disabled={!may_act} onInput={(e) => set_note(e.currentTarget.value)} /></label>
      <div class="buttons">
        <button type="submit" class="main" disabled={!may_act}>Save label</button>
        {mention.labelled && <button type="button" disabled={!may_act} onClick={() => void unlabel()}>Take the label back</button>}
        {!may_act && <span class="faint small">Your token may read only.</span>}
      </div>
    </form>
  );
}

function Why({ mention, verdict: v }: { mention: Mention; verdict: Verdict }) {
  const [all, set_all] = useState(false);
  const { text } = mention;
  const bytes = new TextEncoder().encode(text).length;
  const listed = all ? v.evidence : notable(v.evidence, bytes).filter((e) => e.rule !== "brand");
  const sorted = [...listed].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 200);
  const begins = utf16_offsets(text, sorted.map((e) => e.begin));
  const ends = utf16_offsets(text, sorted.map((e) => e.end));
  return (
    <Card id={`why-${v.brand}`} title={`Why, for ${v.brand}`} aside={<PolarityTag polarity={v.polarity} score={v.score} />}>
      {v.probabilities && (
        <dl class="shares">{polarities.map((p) => (
          <div key={p}><dt>{p}</dt><dd>{percent(v.probabilities[p])}<Bar share={v.probabilities[p]} tone={p} /></dd></div>
        ))}</dl>
      )}
      <p class="facts small">
        <span>urgency {decimal(v.urgency)}</span><span>severity {decimal(v.severity)}</span><span>matched by {words(v.match)}</span>
        <span class="faint">lexicon {v.lexicon_version}</span>
      </p>
      {v.reasons.length > 0 && <p>Reasons given: {v.reasons.map((r, i) => <q key={i} dir="auto">{r}</q>)}</p>}
      {v.evidence.length === 0 ? <Empty>No word of this text is known to the lexicon.</Empty> : (
        <>
          <div class="scroll" tabIndex={0} role="region" aria-label="Evidence">
            <table>
              <thead><tr><th scope="col">In the text</th><th scope="col">Entry</th><th scope="col">Speaks for</th><th scope="col" class="num">Weight</th></tr></thead>
              <tbody>{sorted.map((e, i) => (
                <tr key={i}>
                  <td dir="auto">{e.end > e.begin ? text.slice(begins[i], ends[i]).slice(0, 60) : "–"}</td><td dir="auto">{e.term}</td><td>{words(e.rule)}</td><td class="num">{signed(e.weight)}</td>
                </tr>
              ))}</tbody>
            </table>
          </div>
          <button type="button" class="link" aria-pressed={all} onClick={() => set_all(!all)}>{all ? "Only what weighs much" : `All ${v.evidence.length} pieces of evidence`}</button>
        </>
      )}
    </Card>
  );
}

export function MentionView() {
  const { route, brand } = useScope();
  const now = useNow();
  const found = useData<ExplainedMention>(path_of(`mentions/${route.id}`, { brand: route.query.brand }), ["acted"]);
  return (
    <Show of={found} lines={6}>{({ mention: m, verdicts }) => {
      const mine = verdicts.find((v) => v.brand === (m.brand || brand)) ?? verdicts[0];
      return (
        <>
          <h1 class="quiet-title">A mention by <bdi>{m.author || "an unknown author"}</bdi></h1>
          <p class="faint">{m.source}, <When at={m.created_at} /> (<Ago at={m.created_at} now={now} />), {m.lang || "language unknown"}. <Outside url={m.url}>Original</Outside></p>
          <div class="post large">
            {m.deleted ? <Empty>Deleted by its author or platform. Its counts stay.</Empty> : <Marked title={m.title} text={m.text} evidence={mine?.evidence ?? []} />}
            <p class="post-foot">
              <PolarityTag polarity={m.polarity} score={m.score} />
              {m.issues.map((i) => <Issue key={i} name={i} />)}
              {m.intents.map((i) => <span key={i} class="chip soft">{words(i)}</span>)}
              {m.products.map((p) => <span key={p.product} class="chip soft">{p.product}: {p.polarity}</span>)}
              {m.labelled && <span class="chip">labelled by a person</span>}
            </p>
          </div>
          <div class="two">
            <div class="stack">{verdicts.map((v) => <Why key={v.brand} mention={m} verdict={v} />)}</div>
            <Card id="label" title="Your judgement"><LabelForm key={`${m.id} ${m.polarity} ${m.issues.join()}`} mention={m} reload={found.reload} /></Card>
          </div>
        </>
      );
    }}</Show>
  );
}
