// Who says that they were misled, by which claim, and whether changing its words helped.
import { useState } from "preact/hooks";
import { act } from "../action";
import { path_of, post } from "../api";
import { useData } from "../data";
import type { Claim, Estimate, Misled, Share } from "../findings";
import { day, estimate, number, plural, signed } from "../format";
import { Card, Outside, When } from "../parts/bits";
import { Interval } from "../parts/interval";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import { Quotes } from "./incident";
import { ByIds } from "./mentions";

const of_share = (s: Share): Estimate => ({ value: s.share, low: s.low, high: s.high });
const points = (e: Estimate) => `${signed(e.value * 100)} points (${signed(e.low * 100)} to ${signed(e.high * 100)})`;

/** The claim in its own words, else theirs; that no claim is known is told by a tag. */
const title_of = (m: Misled) => (m.details.claim ? `“${m.details.claim.text}”` : m.title.replace(/^No claim known: /, ""));

export function MisledListView() {
  const { brand, link } = useScope();
  const found = useData<{ misled: Misled[] }>(path_of("misled", { brand }), ["findings", "acted"]);
  return (
    <>
      <h1>Who feels misled?</h1>
      <p class="faint">People who expected something else from what you promise, by the claim that led them there. Claims are entered under <a href={link("campaigns")}>Campaigns and claims</a>.</p>
      <Show of={found} lines={6}>{({ misled }) => misled.length === 0
        ? <Empty>Nobody says so. “Not as advertised”, “I thought it was included” and the like are gathered here, by claim, from three people on.</Empty>
        : <ul class="rows">{misled.map((m) => {
            const d = m.details;
            return (
              <li key={m.id} class="row misled">
                <span class={`severity ${m.claim ? "alarm" : ""}`}>{number(m.people)}<span class="unseen"> people</span></span>
                <div class="row-main">
                  <h2><a href={link("misled", m.id)} dir="auto">{title_of(m)}</a></h2>
                  <p class="faint small">
                    <span class={`tag ${m.claim ? "negative" : "unscored"}`}>{m.claim ? "by a claim" : "no claim known"}</span>{" "}
                    <a href={link("mentions", "", { misled: m.id })}>{plural(m.people, "person", "people")}</a> in {plural(m.mentions, "mention")}, {day(m.first_at)} to {day(m.last_at)}{d.claim?.campaign && <>, campaign <bdi>{d.claim.campaign}</bdi></>}
                  </p>
                  {(d.words ?? []).length > 0 && <p class="small">{d.words?.slice(0, 6).map((w) => <span key={w.word} class="chip soft" dir="auto">{w.word}</span>)}</p>}
                </div>
                {d.share ? <p class="small num-block"><b>{estimate(of_share(d.share), 1)}</b><span class="faint">of all mentions</span>{d.edit && <span class="tag unscored">since the edit: {d.edit.verdict}</span>}</p> : <span />}
              </li>
            );
          })}</ul>}
      </Show>
    </>
  );
}

/** New words for a claim, from today or from the day on which they changed. */
export function EditClaim({ claim, saved }: { claim: Claim; saved: () => void }) {
  const { may_act } = useScope();
  const [text, set_text] = useState(claim.text);
  const [at, set_at] = useState("");
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { text, ...(at ? { edited_at: at } : {}) };
    if (await act(() => post(`claims/${claim.id}`, body, "PATCH"), "Kept. What follows is measured against the words before.")) saved();
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may_act} class="plain">
        <label class="field"><span>The words as they stand now</span><textarea rows={2} required value={text} onInput={(e) => set_text(e.currentTarget.value)} /></label>
        <label class="field"><span>Changed on (today without it)</span><input type="date" value={at} onInput={(e) => set_at(e.currentTarget.value)} /></label>
        <div class="buttons"><button type="submit" class="main" disabled={!may_act || text === claim.text}>The words were changed</button></div>
      </fieldset>
    </form>
  );
}

function Rates({ m }: { m: Misled }) {
  const { share, all, before, change, raised, edit } = m.details;
  const rows: [string, Share | null | undefined][] = [
    ["This claim", share], ["All who feel misled, since the claim", all], ["… in the four weeks before it", before],
    ["Before the edit", edit?.before], ["After the edit", edit?.after],
  ];
  const known = rows.flatMap(([name, s]) => (s ? [[name, s] as const] : []));
  const most = Math.max(0.001, ...known.map(([, s]) => s.high));
  return (
    <>
      <table class="mix">
        <thead><tr><th scope="col">Say that they were misled</th><th scope="col" class="num">Mentions</th><th scope="col" class="num">Share, 95 % interval</th></tr></thead>
        <tbody>{known.map(([name, s]) => (
          <tr key={name}><th scope="row">{name} <span class="faint small">{day(s.since)} to {day(s.until)}</span><Interval value={s.share} low={s.low} high={s.high} least={0} most={most} sided={false} /></th>
            <td class="num">{number(s.mentions)} of {number(s.of)}</td><td class="num">{estimate(of_share(s), 1)}</td></tr>
        ))}</tbody>
      </table>
      {change && <p>Since the claim {points(change)}: <b>{raised ? "more people than before feel misled" : "not clearly more than before"}</b>.</p>}
      {edit
        ? <p>Words changed <When at={edit.at} />: <b>{edit.verdict}</b>{edit.change && `, ${points(edit.change)}`}.</p>
        : m.claim && <p class="faint small">The words were not changed yet. After a change the rate before and after stands here, from seven days and thirty mentions on.</p>}
    </>
  );
}

export function MisledView() {
  const { route, link, brand } = useScope();
  const found = useData<Misled>(`misled/${route.id}`, ["findings", "acted"]);
  const claim = useData<Claim>(found.data?.claim ? `claims/${found.data.claim}` : null, ["acted"]);
  const [all, set_all] = useState(false);
  return (
    <Show of={found} lines={8}>{(m) => {
      const d = m.details;
      return (
        <>
          <p class="small"><a href={link("misled")}>All who feel misled</a></p>
          <h1 dir="auto">{title_of(m)}</h1>
          <p class="facts">
            <a href={link("mentions", "", { misled: m.id })}><b>{number(m.people)}</b> people</a><a href={link("mentions", "", { misled: m.id })}><b>{number(m.mentions)}</b> mentions</a>
            <span class="faint">{day(m.first_at)} to {day(m.last_at)}</span>{d.claim?.campaign && <span>campaign <bdi>{d.claim.campaign}</bdi></span>}
            {d.claim?.url && <Outside url={d.claim.url}>Where it stands</Outside>}{m.told_at && <span class="faint">told <When at={m.told_at} /></span>}
          </p>
          {d.advice && <p class="note" dir="auto">{d.advice}</p>}
          {m.claim && (
            <div class="two">
              <Card id="rates" title="How many, and did an edit help?"><Rates m={m} /></Card>
              <Card id="edit" title="The words of the claim">
                <Show of={claim}>{(c) => (
                  <>
                    {c.text_before && <p class="small faint">Before: <q dir="auto">{c.text_before}</q></p>}
                    <EditClaim key={c.text} claim={c} saved={() => { claim.reload(); found.reload(); }} />
                  </>
                )}</Show>
              </Card>
            </div>
          )}
          <Card id="words" title="Their words">
            <p>{(d.words ?? []).map((w) => <span key={w.word} class="chip soft" dir="auto">{w.word}{w.people > 0 && <span class="faint"> {number(w.people)}</span>}</span>)}</p>
            <p class="facts small">{(d.sources ?? []).map((s) => <span key={s.source}>{s.source} {number(s.mentions)}</span>)}</p>
          </Card>
          <Card id="quotes" title="What they say"><Quotes quotes={d.quotes ?? []} /></Card>
          {all
            ? <Card id="all" title="All mentions"><ByIds ids={m.mention_ids} brand={m.brand ?? brand} /></Card>
            : <p><button type="button" onClick={() => set_all(true)}>Show all {plural(m.mention_ids.length, "mention")}</button></p>}
        </>
      );
    }}</Show>
  );
}
