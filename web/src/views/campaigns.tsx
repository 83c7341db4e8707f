// What the brand does and what it promises, on a calendar; what is entered here mutes expected talk and names claims.
import { useState } from "preact/hooks";
import { act } from "../action";
import { path_of, post } from "../api";
import { useData, useNow } from "../data";
import type { Campaign, Claim, Misled } from "../findings";
import { day, iso_day, plural } from "../format";
import { Card, Outside } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import { EditClaim } from "./misled";

type State = "planned" | "running" | "over";
const day_ms = 86_400_000;

function state_of(from: string, to: string | null, now: number): State {
  return Date.parse(from) > now ? "planned" : to && Date.parse(to) <= now ? "over" : "running";
}
/** The last day on which it runs: the end itself is not part of it. */
const last_day = (to: string) => Date.parse(to) - 1;
const tones: Record<State, string> = { planned: "watch", running: "positive", over: "unscored" };

/** Two months back and one ahead, each campaign a bar. */
function Calendar({ campaigns, now }: { campaigns: Campaign[]; now: number }) {
  const from = now - 60 * day_ms;
  const wide = 90 * day_ms;
  const x = (at: number) => Math.max(0, Math.min(300, ((at - from) / wide) * 300));
  const seen = campaigns.filter((c) => Date.parse(c.from) < from + wide && (!c.to || Date.parse(c.to) > from));
  if (seen.length === 0) return null;
  return (
    <div class="calendar">
      {seen.map((c) => {
        const end = c.to ? Date.parse(c.to) : from + wide;
        return (
          <div key={c.id} class="calendar-row">
            <span class="small calendar-name" dir="auto">{c.name}</span>
            <svg viewBox="0 0 300 16" preserveAspectRatio="none" role="img" aria-label={`${c.name}: ${day(c.from)} to ${c.to ? day(last_day(c.to)) : "open end"}`}>
              <rect x="0" y="7" width="300" height="2" class="calendar-back" />
              <rect x={x(Date.parse(c.from))} width={Math.max(3, x(end) - x(Date.parse(c.from)))} y="2" height="12" rx="3" class={`calendar-bar ${state_of(c.from, c.to, now)}`} />
              <rect x={x(now) - 0.6} width="1.2" height="16" class="calendar-now" />
            </svg>
          </div>
        );
      })}
      <p class="calendar-row small faint" aria-hidden="true"><span /><span class="calendar-scale"><span>{day(from)}</span><span>today</span><span>{day(from + wide)}</span></span></p>
    </div>
  );
}

function AddCampaign({ saved }: { saved: () => void }) {
  const { brand, may_act } = useScope();
  const [f, set] = useState({ name: "", from: "", to: "", url: "", note: "" });
  const field = (key: keyof typeof f) => ({ value: f[key], onInput: (e: { currentTarget: HTMLInputElement }) => set({ ...f, [key]: e.currentTarget.value }) });
  const submit = async (event: Event) => {
    event.preventDefault();
    const body = { brand, name: f.name, from: f.from, ...(f.to ? { to: f.to } : {}), ...(f.url ? { url: f.url } : {}), ...(f.note ? { note: f.note } : {}) };
    if (await act(() => post("campaigns", body), `${f.name} is in the calendar.`)) {
      set({ name: "", from: "", to: "", url: "", note: "" });
      saved();
    }
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may_act} class="plain">
        <label class="field"><span>Name of the campaign</span><input required {...field("name")} /></label>
        <div class="pair">
          <label class="field"><span>From</span><input type="date" required {...field("from")} /></label>
          <label class="field"><span>Last day (open without it)</span><input type="date" {...field("to")} /></label>
        </div>
        <label class="field"><span>Page</span><input type="url" placeholder="https://" {...field("url")} /></label>
        <label class="field"><span>Note</span><input {...field("note")} /></label>
        <div class="buttons"><button type="submit" class="main">Add campaign</button></div>
      </fieldset>
    </form>
  );
}

function AddClaim({ campaigns, saved }: { campaigns: Campaign[]; saved: () => void }) {
  const { brand, may_act } = useScope();
  const [f, set] = useState({ text: "", from: "", to: "", url: "", product: "", campaign: "" });
  const field = (key: keyof typeof f) => ({ value: f[key], onInput: (e: { currentTarget: HTMLInputElement }) => set({ ...f, [key]: e.currentTarget.value }) });
  const submit = async (event: Event) => {
    event.preventDefault();
    const more = Object.fromEntries((["to", "url", "product", "campaign"] as const).flatMap((key) => (f[key] ? [[key, f[key]]] : [])));
    if (await act(() => post("claims", { brand, text: f.text, from: f.from, ...more }), "The claim is watched from now on.")) {
      set({ text: "", from: "", to: "", url: "", product: "", campaign: "" });
      saved();
    }
  };
  return (
    <form onSubmit={submit}>
      <fieldset disabled={!may_act} class="plain">
        <label class="field"><span>What you promise, in its own words</span><input required {...field("text")} /></label>
        <div class="pair">
          <label class="field"><span>Said since</span><input type="date" required {...field("from")} /></label>
          <label class="field"><span>Last day (open without it)</span><input type="date" {...field("to")} /></label>
        </div>
        <div class="pair">
          <label class="field"><span>Part of the campaign</span>
            <select value={f.campaign} onChange={(e) => set({ ...f, campaign: e.currentTarget.value })}>
              <option value="">none</option>{campaigns.map((c) => <option key={c.id} value={c.id}>{c.name}</option>)}
            </select>
          </label>
          <label class="field"><span>About the product</span><input {...field("product")} /></label>
        </div>
        <label class="field"><span>Where it stands</span><input type="url" placeholder="https://" {...field("url")} /></label>
        <div class="buttons"><button type="submit" class="main">Add claim</button></div>
      </fieldset>
    </form>
  );
}

/** From, to and "running" in words, and a way to move the end. */
function CampaignRow({ campaign: c, now, saved }: { campaign: Campaign; now: number; saved: () => void }) {
  const { may_act } = useScope();
  const [to, set_to] = useState(c.to ? iso_day(new Date(last_day(c.to)).toISOString()) : "");
  const before = c.to ? iso_day(new Date(last_day(c.to)).toISOString()) : "";
  const state = state_of(c.from, c.to, now);
  const change = async () => {
    if (await act(() => post(`campaigns/${c.id}`, { to: to || null }, "PATCH"), to ? `${c.name} ends on ${day(to)}.` : `${c.name} has no end.`)) saved();
  };
  return (
    <tr>
      <th scope="row"><bdi>{c.name}</bdi> <span class={`tag ${tones[state]}`}>{state}</span>{c.note && <span class="faint small" dir="auto"> {c.note}</span>}{c.url && <> <span class="small"><Outside url={c.url}>page</Outside></span></>}</th>
      <td>{day(c.from)}</td>
      <td><span class="inline-field"><input type="date" aria-label={`Last day of ${c.name}`} value={to} disabled={!may_act} onInput={(e) => set_to(e.currentTarget.value)} />
        {to !== before && <button type="button" onClick={() => void change()}>Keep</button>}</span></td>
    </tr>
  );
}

function ClaimRow({ claim: c, misled, now, saved }: { claim: Claim; misled: Misled | undefined; now: number; saved: () => void }) {
  const { link } = useScope();
  const state = state_of(c.from, c.to, now);
  return (
    <li class="story">
      <p><q dir="auto">{c.text}</q> <span class={`tag ${tones[state]}`}>{state}</span></p>
      <p class="small faint">
        {day(c.from)} to {c.to ? day(last_day(c.to)) : "open end"}{c.campaign_name && <>, <bdi>{c.campaign_name}</bdi></>}{c.product && <>, <bdi>{c.product}</bdi></>}.{" "}
        {misled ? <a href={link("misled", misled.id)}>{plural(misled.people, "person feels", "people feel")} misled by it</a> : "Nobody says that it misled them."}
        {c.edited_at && <> Words changed {day(c.edited_at)}{c.text_before && <>, before: <q dir="auto">{c.text_before}</q></>}.</>}
      </p>
      <details><summary class="small">Its words were changed<span class="unseen">: {c.text}</span></summary><EditClaim key={c.text} claim={c} saved={saved} /></details>
    </li>
  );
}

export function CampaignsView() {
  const { brand } = useScope();
  const now = useNow();
  const campaigns = useData<{ campaigns: Campaign[] }>(path_of("campaigns", { brand }), ["acted"]);
  const claims = useData<{ claims: Claim[] }>(path_of("claims", { brand }), ["acted"]);
  const misled = useData<{ misled: Misled[] }>(path_of("misled", { brand }), ["findings"]);
  const list = campaigns.data?.campaigns ?? [];
  return (
    <>
      <h1>Campaigns and claims</h1>
      <Card id="calendar" title="Campaigns">
        <Show of={campaigns} lines={4}>{({ campaigns: all }) => all.length === 0
          ? <Empty>None was entered. Talk that a campaign brings is expected: while one runs it raises no alarm, and it stays out of what is usual.</Empty>
          : (
            <>
              <Calendar campaigns={all} now={now} />
              <div class="scroll" tabIndex={0} role="region" aria-label="Campaigns, as a table">
                <table><thead><tr><th scope="col">Campaign</th><th scope="col">From</th><th scope="col">Last day</th></tr></thead>
                  <tbody>{all.map((c) => <CampaignRow key={`${c.id}${c.to}`} campaign={c} now={now} saved={campaigns.reload} />)}</tbody></table>
              </div>
            </>
          )}</Show>
      </Card>
      <Card id="claims" title="Claims">
        <Show of={claims} lines={4}>{({ claims: all }) => all.length === 0
          ? <Empty>None was entered. Enter what your pages and ads promise; whoever feels misled by it is then counted under it.</Empty>
          : <ul class="stories">{all.map((c) => <ClaimRow key={c.id} claim={c} now={now} misled={misled.data?.misled.find((m) => m.claim === c.id)} saved={claims.reload} />)}</ul>}</Show>
      </Card>
      <div class="two">
        <Card id="add-campaign" title="New campaign"><AddCampaign saved={campaigns.reload} /></Card>
        <Card id="add-claim" title="New claim"><AddClaim campaigns={list} saved={claims.reload} /></Card>
      </div>
    </>
  );
}
