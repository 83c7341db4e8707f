// One idea: what people ask in their own words, and who writes about it.
import { useState } from "preact/hooks";
import { act } from "../action";
import { post } from "../api";
import { useData } from "../data";
import { capital, day, decimal, number, plural, ratio } from "../format";
import { Card, Columns, Outside, Select } from "../parts/bits";
import { Show } from "../parts/states";
import { useScope } from "../scope";
import { idea_states, type Idea, type IdeaState } from "../types";
import { trend_text } from "./ideas";
import { effect_tone } from "./movers";
import { Quotes } from "./incident";
import { ByIds } from "./mentions";

function Plan({ idea: i, reload }: { idea: Idea; reload: () => void }) {
  const { may_act } = useScope();
  const [state, set_state] = useState<IdeaState>(i.state);
  const [owner, set_owner] = useState(i.owner ?? "");
  const [due, set_due] = useState(i.due?.slice(0, 10) ?? "");
  const [url, set_url] = useState(i.url ?? "");
  const [note, set_note] = useState(i.note ?? "");
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { state, owner, url, note, ...(due || i.due ? { due } : {}) };
    if (await act(() => post(`ideas/${i.id}`, body), "Saved.")) reload();
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may_act} class="plain">
        <Select label="State" value={state} options={idea_states} change={(v) => set_state(v as IdeaState)} />
        <label class="field"><span>Owner</span><input value={owner} onInput={(e) => set_owner(e.currentTarget.value)} /></label>
        <label class="field"><span>Due</span><input type="date" value={due} onInput={(e) => set_due(e.currentTarget.value)} /></label>
        <label class="field"><span>Published at</span><input type="url" placeholder="https://" value={url} onInput={(e) => set_url(e.currentTarget.value)} /></label>
        <label class="field"><span>Note</span><textarea rows={2} value={note} onInput={(e) => set_note(e.currentTarget.value)} /></label>
        <div class="buttons"><button type="submit" class="main">Save</button>{i.url && <Outside url={i.url}>The article</Outside>}</div>
      </fieldset>
    </form>
  );
}

/** The loop closed: how often was asked before it was published, and since. */
function Effect({ idea: i }: { idea: Idea }) {
  const { link } = useScope();
  const e = i.effect;
  return (
    <Card id="effect" title="Did it help?">
      {!e ? <p class="empty">{i.state === "published" ? "Counting begins with the next run of the jobs." : "Once it is published, the question is counted against the weeks before."}</p> : (
        <>
          <p><span class={`tag ${effect_tone(e.verdict)}`}>{e.verdict}</span> {e.sentence}</p>
          <table class="mix">
            <thead><tr><th scope="col">Asked</th><th scope="col" class="num">Times</th><th scope="col" class="num">Weeks</th><th scope="col" class="num">A week</th></tr></thead>
            <tbody>
              <tr><th scope="row">Before</th><td class="num"><a href={link("mentions", "", { idea: i.id })}>{number(e.asked_before)}</a></td><td class="num">{decimal(e.weeks_before, 1)}</td><td class="num">{e.weeks_before > 0 ? decimal(e.asked_before / e.weeks_before, 1) : "–"}</td></tr>
              <tr><th scope="row">Since</th><td class="num"><a href={link("mentions", "", { idea: i.id })}>{number(e.asked_after)}</a></td><td class="num">{decimal(e.weeks_after, 1)}</td><td class="num">{e.weeks_after > 0 ? decimal(e.asked_after / e.weeks_after, 1) : "–"}</td></tr>
            </tbody>
          </table>
          {e.verdict !== "too early" && <p class="faint small">{ratio(e.ratio)} times as often, 95 % interval. What else changed meanwhile is not taken out.</p>}
        </>
      )}
      {i.answer
        ? <p class="small"><a href={link("mention", i.answer.mention)}>The best public answer</a>, {i.answer.by === "brand" ? "by us" : "by somebody else"}{i.answer.thanked > 0 && `, thanked ${plural(i.answer.thanked, "time")}`}.</p>
        : <p class="small faint">Nobody has answered it in public yet.</p>}
      {i.page && <p class="small">The page that fits it best: <Outside url={i.page.url}>{i.page.title}</Outside></p>}
    </Card>
  );
}

export function IdeaView() {
  const { route, link, brand } = useScope();
  const found = useData<Idea>(`ideas/${route.id}`, ["findings", "acted"]);
  const [all, set_all] = useState(false);
  return (
    <Show of={found} lines={8}>{(i) => {
      const d = i.details;
      const weeks = d.per_week ?? [];
      return (
        <>
          <p class="small"><a href={link("ideas")}>The board</a></p>
          <h1 dir="auto">{capital(i.title)}</h1>
          <p class="facts">
            <a href={link("mentions", "", { idea: i.id })}><b>{number(i.askers)}</b> people</a>
            <a href={link("mentions", "", { idea: i.id })}><b>{number(i.mentions)}</b> questions</a>
            <span><b>{number(i.unanswered)}</b> without an answer</span><span>{trend_text(i.trend)}</span>
            <span class="faint">{day(i.first_at)} to {day(i.last_at)}</span>
          </p>
          <div class="two">
            <Card id="asked" title="Asked per week">
              <Columns values={weeks} label={`Questions per week, oldest first: ${weeks.join(", ")}`} titles={weeks.map((n) => plural(n, "question"))} />
              <p class="columns-scale small faint"><span>{plural(weeks.length, "week")} ago</span><span>this week</span></p>
              <p>Their words: {(d.terms ?? []).map((t) => <span key={t} class="chip soft" dir="auto">{t}</span>)}</p>
              <p class="facts small">{(d.sources ?? []).map((s) => <span key={s.source}>{s.source} {number(s.mentions)}</span>)}</p>
            </Card>
            <Card id="plan" title="Plan"><Plan key={`${i.state} ${i.owner} ${i.due} ${i.url} ${i.note}`} idea={i} reload={found.reload} /></Card>
          </div>
          <Effect idea={i} />
          <Card id="quotes" title="In their own words"><Quotes quotes={d.quotes ?? []} /></Card>
          {all
            ? <Card id="all" title="All mentions"><ByIds ids={i.mention_ids} brand={i.brand ?? brand} /></Card>
            : <p><button type="button" onClick={() => set_all(true)}>Show all {plural(i.mention_ids.length, "mention")}</button></p>}
        </>
      );
    }}</Show>
  );
}
