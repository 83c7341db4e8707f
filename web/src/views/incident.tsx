// One incident with its arithmetic: what was counted, what is usual, which rule fired, and who said it.
import { useState } from "preact/hooks";
import { act } from "../action";
import { post } from "../api";
import { useData } from "../data";
import { capital, clock, decimal, moment, number, percent, plural, span, words } from "../format";
import { Card, Columns, Outside, When } from "../parts/bits";
import { Show } from "../parts/states";
import { useScope } from "../scope";
import type { Advisory, Arithmetic, Incident, Quote } from "../types";
import { Severity } from "./incidents";
import { ByIds } from "./mentions";

function Sum({ name, a }: { name: string; a: Arithmetic }) {
  const parts = [5, 3 * a.expected, a.expected + 5 * a.spread];
  return (
    <div class="sum">
      <h3>{name}</h3>
      <p>
        <b class="sum-number">{plural(a.observed, "person", "people")}</b> in {a.window_minutes} minutes, {moment(a.at)}.{" "}
        Usual in this hour of the week: {decimal(a.expected)} ± {decimal(a.spread)}.
      </p>
      <p class="formula" aria-label="The rule">
        {number(a.observed)} {a.observed >= a.threshold ? "≥" : "<"} max(5, 3 × {decimal(a.expected)}, {decimal(a.expected)} + 5 × {decimal(a.spread)})
        {" "}= max({parts.map((p) => decimal(p)).join(", ")}) = <b>{decimal(a.threshold)}</b>
      </p>
      <p class="faint small">
        {a.ratio !== null && `${decimal(a.ratio, 1)} times the usual, `}{decimal(a.z, 1)} spreads above it. From {plural(a.hours, "hour")} of {plural(a.weeks, "week")}
        {a.gap_hours_left_out > 0 && `, ${plural(a.gap_hours_left_out, "hour")} left out that were not heard`}{a.warm_up && ", still warming up"}.
      </p>
    </div>
  );
}

export function Quotes({ quotes }: { quotes: Quote[] }) {
  const { link } = useScope();
  return (
    <div class="posts">{quotes.map((q) => (
      <article class="post" key={q.mention} aria-label={`Quote of ${q.author || "unknown"}`}>
        <header class="post-head"><bdi class="author">{q.author || "unknown author"}</bdi><span class="faint">{q.source}</span><span class="faint"><When at={q.at} /></span></header>
        <p class="post-text" dir="auto">{q.text}</p>
        <footer class="post-foot"><a href={link("mention", q.mention)}>The mention</a><Outside url={q.url}>Original</Outside></footer>
      </article>
    ))}</div>
  );
}

function Care({ incident: i, reload }: { incident: Incident; reload: () => void }) {
  const { may_act } = useScope();
  const [owner, set_owner] = useState(i.owner ?? "");
  const [note, set_note] = useState(i.note ?? "");
  const send = async (body: Record<string, unknown>, done: string) => {
    if (await act(() => post(`incidents/${i.id}`, body), done)) reload();
  };
  return (
    <form onSubmit={(e) => { e.preventDefault(); void send({ owner, note }, "Saved."); }}>
      <fieldset disabled={!may_act} class="plain">
        <label class="field"><span>Owner</span><input value={owner} onInput={(e) => set_owner(e.currentTarget.value)} /></label>
        <label class="field"><span>Note</span><textarea rows={3} value={note} onInput={(e) => set_note(e.currentTarget.value)} /></label>
        <div class="buttons">
          <button type="submit" class="main">Save</button>
          {i.acknowledged_at
            ? <button type="button" onClick={() => void send({ state: "open" }, "Acknowledgement taken back.")}>Take back acknowledgement</button>
            : <button type="button" onClick={() => void send({ owner, note, state: "acknowledged" }, "Acknowledged.")}>Acknowledge</button>}
          {i.dismissed_at
            ? <button type="button" onClick={() => void send({ state: "open" }, "It counts again.")}>No false alarm after all</button>
            : <button type="button" onClick={() => void send({ owner, note, state: "dismissed" }, "Dismissed.")}>Dismiss as a false alarm</button>}
        </div>
        {i.acknowledged_at && <p class="faint small">Acknowledged <When at={i.acknowledged_at} /></p>}
        {i.dismissed_at && <p class="faint small">Dismissed <When at={i.dismissed_at} />: no report counts it</p>}
      </fieldset>
    </form>
  );
}

/** Of the unhappy posts, those under which somebody else took the brand's part. */
function Cover({ cover: c }: { cover: NonNullable<Incident["cover"]> }) {
  const { link } = useScope();
  const says = <><b>{number(c.defenders)}</b> {c.defenders === 1 ? "defender" : "defenders"} under {number(c.defended)} of {plural(c.negative, "unhappy post")} (cover {percent(c.ratio)})</>;
  return c.evidence.length > 0 ? <a href={link("mentions", "", { ids: c.evidence.join() })}>{says}</a> : <span>{says}</span>;
}

/** A draft that a person checks and posts; it is asked for when somebody wants it. */
function Draft({ incident: i, reload }: { incident: Incident; reload: () => void }) {
  const { may_act } = useScope();
  const [wanted, set_wanted] = useState(false);
  const found = useData<Advisory>(wanted ? `incidents/${i.id}/advisory` : null, ["findings"]);
  const told = async () => { if (await act(() => post(`incidents/${i.id}`, { state: "advised" }), "Noted.")) reload(); };
  const was_told = i.advised_at && <p class="small">Followers were told <When at={i.advised_at} />.</p>;
  if (!wanted) return <>{was_told}<p><button type="button" onClick={() => set_wanted(true)}>Draft a post for followers</button></p></>;
  return (
    <Show of={found} lines={3}>{(a) => (
      <>
        <label class="field"><span>To check and to post; it names nobody</span><textarea rows={5} dir="auto" defaultValue={a.post} /></label>
        <ul class="short-list small">{a.to_check.map((line) => <li key={line} dir="auto">{line}</li>)}</ul>
        <p class="small">Where people wait for it: {a.threads.map((t, n) => <span key={t.mention}><Outside url={t.url}>{t.source} {n + 1}</Outside> </span>)}</p>
        {was_told || <p><button type="button" disabled={!may_act} onClick={() => void told()}>Followers were told</button></p>}
      </>
    )}</Show>
  );
}

export function IncidentView() {
  const { route, link, brand } = useScope();
  const found = useData<Incident>(`incidents/${route.id}`, ["findings", "acted"]);
  const [all, set_all] = useState(false);
  return (
    <Show of={found} lines={8}>{(i) => {
      const d = i.details;
      const hours = d.hours ?? [];
      return (
        <>
          <p class="small"><a href={link("incidents")}>All incidents</a></p>
          <div class="title-row"><Severity value={i.severity} /><h1>{capital(words(i.title))}</h1></div>
          <p class="faint">
            <span class={`tag ${i.state === "open" ? "negative" : "unscored"}`}>{i.state}</span> Began <When at={i.started_at} />, noticed in the hour from {clock(i.detected_at)},{" "}
            {i.state === "open" ? "goes on" : `lasted ${span((Date.parse(i.last_at) - Date.parse(i.started_at)) / 1000)}`}.
          </p>
          <p class="facts">
            <a href={link("mentions", "", { incident: i.id })}><b>{number(i.authors)}</b> people</a>
            <a href={link("mentions", "", { incident: i.id })}><b>{number(i.mentions)}</b> mentions</a>
            <span><b>{number(i.echoes)}</b> {i.echoes === 1 ? "copy" : "copies"}</span>
            {i.cover && i.cover.negative > 0 && (
              <Cover cover={i.cover} />
            )}
            {i.first_mention && <a href={link("mention", i.first_mention)}>First report</a>}
          </p>
          <div class="two">
            <Card id="arithmetic" title="Arithmetic">
              {d.arithmetic && <Sum name="When the rule fired" a={d.arithmetic} />}
              {d.peak && <Sum name="At its peak" a={d.peak} />}
              {d.severity && <p class="small">Severity {d.severity.score} = 1 + height {decimal(d.severity.height)} + duration {decimal(d.severity.duration)} + copies {decimal(d.severity.echoes)} + sources {decimal(d.severity.sources)}, rounded.</p>}
            </Card>
            <Card id="care" title="Who looks after it"><Care key={`${i.owner} ${i.note}`} incident={i} reload={found.reload} /></Card>
            <Card id="course" title="People per hour">
              {hours.length > 0 && (
                <>
                  <Columns values={hours.map((h) => h.authors)} label={`People per hour from ${moment(hours[0]?.hour_at ?? i.started_at)}: ${hours.map((h) => h.authors).join(", ")}`}
                    titles={hours.map((h) => `${moment(h.hour_at)}: ${plural(h.authors, "person", "people")}`)} />
                  <p class="columns-scale small faint"><span>{clock(hours[0]?.hour_at ?? 0)}</span><span>peak {number(Math.max(...hours.map((h) => h.authors)))}</span><span>{clock(hours[hours.length - 1]?.hour_at ?? 0)}</span></p>
                </>
              )}
              <table class="mix"><thead><tr><th scope="col">Source</th><th scope="col" class="num">People</th><th scope="col" class="num">Mentions</th></tr></thead>
                <tbody>{(d.sources ?? []).map((s) => <tr key={s.source}><th scope="row">{s.source}</th><td class="num">{number(s.authors)}</td><td class="num">{number(s.mentions)}</td></tr>)}</tbody>
              </table>
            </Card>
            <Card id="reasons" title="What they say">
              {(d.reasons ?? []).length > 0 && <ul class="short-list">{d.reasons?.map((r) => <li key={r.phrase}><q dir="auto">{r.phrase}</q> <span class="faint small">{plural(r.authors, "person", "people")}</span></li>)}</ul>}
              <p>{(d.words ?? []).map((w) => <span key={w.word} class="chip soft" dir="auto">{w.word} <span class="faint">{number(w.authors)}</span></span>)}</p>
              <p class="small">{(d.issues ?? []).map((n) => <span key={n} class="chip">{words(n)}</span>)}</p>
            </Card>
          </div>
          <Card id="advisory" title="Tell followers"><Draft incident={i} reload={found.reload} /></Card>
          <Card id="exemplars" title="Exemplars"><Quotes quotes={d.exemplars ?? []} /></Card>
          {all
            ? <Card id="all" title="All mentions"><ByIds ids={i.mention_ids} brand={i.brand ?? brand} /></Card>
            : <p><button type="button" onClick={() => set_all(true)}>Show all {plural(i.mention_ids.length, "mention")}</button></p>}
        </>
      );
    }}</Show>
  );
}
