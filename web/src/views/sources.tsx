// How every source is doing, when it is asked next, and what was not heard.
import { useData, useNow } from "../data";
import { moment, number, percent, plural, relative, span } from "../format";
import { Bar, Card } from "../parts/bits";
import { DeliveriesCard } from "../parts/deliveries";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Gap, Legal, Source, Sources } from "../types";

const week_ms = 7 * 86_400_000;

/** How much of the last seven days a gap took: where a source was sampled, the share that was not asked. */
function missed_ms(g: Gap, now: number): number {
  const long = Math.max(0, Math.min(now, Date.parse(g.to)) - Math.max(now - week_ms, Date.parse(g.from)));
  return long * (1 - (g.rate ?? 0));
}

/** Seven days as a line, with what was missed. */
function Week({ gaps, now, name }: { gaps: Gap[]; now: number; name: string }) {
  const from = now - week_ms;
  const x = (at: number) => (Math.max(0, Math.min(week_ms, at - from)) / week_ms) * 200;
  const missed = gaps.reduce((sum, g) => sum + missed_ms(g, now), 0);
  const label = missed > 0 ? `${name}: ${span(missed / 1000)} not heard in 7 days` : `${name}: everything heard in 7 days`;
  return (
    <div>
      <svg class="week" viewBox="0 0 200 14" preserveAspectRatio="none" role="img" aria-label={label}>
        <rect width="200" height="14" rx="3" class="week-heard" />
        {gaps.map((g, i) => <rect key={i} x={x(Date.parse(g.from))} width={Math.max(1, x(Date.parse(g.to)) - x(Date.parse(g.from)))} height="14" class="week-gap" />)}
      </svg>
      <p class="columns-scale small faint" aria-hidden="true"><span>7 days ago</span><span>{missed > 0 ? `${span(missed / 1000)} missed` : "all heard"}</span><span>now</span></p>
    </div>
  );
}

/** Requests that are left of what the platform allows. */
function Quota({ quota: q, now }: { quota: NonNullable<Source["quota"]>; now: number }) {
  const part = q.limit ? q.remaining / q.limit : null;
  return (
    <div class="quota small">
      <span class={part !== null && part < 0.1 ? "bad-text" : ""}><b>{number(q.remaining)}</b>{q.limit !== null && ` of ${number(q.limit)}`} requests left{q.resets_at && Date.parse(q.resets_at) > now && <span class="faint">, full again {relative(q.resets_at, now)}</span>}</span>
      {part !== null && <Bar share={part} tone={part < 0.1 ? "negative" : ""} />}
    </div>
  );
}

/** What a budget of requests made of the source, and mentions whose deletion or edit may be missed. */
function Shortage({ source: s, now }: { source: Source; now: number }) {
  const late = s.hydrate?.overdue ?? 0;
  return (
    <>
      {typeof s.poll_rate === "number" && <p class="small bad-text">Asked at {percent(s.poll_rate)} of the rate wanted: its budget allows no more, so what it brings is a sample.</p>}
      {late > 0 && <p class="small bad-text"><b>{plural(late, "mention")}</b> not read again in time{s.hydrate?.oldest_at && <>, the stalest since <time dateTime={s.hydrate.oldest_at} title={moment(s.hydrate.oldest_at)}>{relative(s.hydrate.oldest_at, now)}</time></>}: edits and deletions of these may be missed.</p>}
    </>
  );
}

/** The rules that hold for what the source brings; what is not known of them says so. */
function Rules({ legal: l, hydrate: h }: { legal: Legal; hydrate: Source["hydrate"] }) {
  const rules: [string, string, string][] = [
    ["Keeping words", "text", l.text], ["Keeping who wrote them", "author", l.author], ["Keeping the raw item", "raw", l.raw],
    ["Kept at most", "days", l.days === null ? "unknown" : `${plural(l.days, "day")} since it was last read`],
    ["Deletions follow within", "deletion_hours", l.deletion_hours === null ? "unknown" : plural(l.deletion_hours, "hour")],
    ["Never derived", "no_inference", l.no_inference.join(", ") || "unknown"],
  ];
  const known = rules.filter(([, , value]) => value !== "unknown").length;
  return (
    <details class="small rules">
      <summary>Rules of the platform: {known === 0 ? "none are known" : `${known} of ${rules.length} known`}{l.days !== null && `, kept ${plural(l.days, "day")} at most`}</summary>
      <dl>
        {rules.map(([name, rule, value]) => <div key={rule}><dt>{name}</dt><dd>{value}{l.documents[rule] && <span class="faint"> ({l.documents[rule]})</span>}</dd></div>)}
        {h && <div><dt>Asked for again</dt><dd>{plural(h.asked, "mention")}, of which {number(h.gone)} were gone</dd></div>}
      </dl>
    </details>
  );
}

/** How much of the last seven days was heard, all sources together. */
function Coverage({ sources, gaps, now }: { sources: Source[]; gaps: Gap[]; now: number }) {
  const deaf = (name: string) => gaps.filter((g) => g.source === name).reduce((sum, g) => sum + missed_ms(g, now), 0);
  const heard = sources.length === 0 ? null : 1 - sources.reduce((sum, s) => sum + Math.min(week_ms, deaf(s.source)), 0) / (week_ms * sources.length);
  const next = sources.flatMap((s) => (s.next_poll_at ? [s.next_poll_at] : [])).sort()[0];
  const failing = sources.filter((s) => s.state === "failing" || s.state === "paused").length;
  return (
    <p class="facts">
      <span><b>{percent(heard, heard !== null && heard > 0.9995 ? 0 : 1)}</b> of the last 7 days heard</span>
      <span class={failing > 0 ? "bad-text" : ""}><b>{number(failing)}</b> of {plural(sources.length, "source")} in trouble</span>
      {next && <span>next poll <b>{Date.parse(next) <= now ? "now" : relative(next, now)}</b></span>}
      <a href="#gaps-title" onClick={(e) => { e.preventDefault(); document.getElementById("gaps-title")?.scrollIntoView(); }}><b>{number(gaps.length)}</b> {gaps.length === 1 ? "gap" : "gaps"}</a>
    </p>
  );
}

function Row({ source: s, legal, gaps, now }: { source: Source; legal: Legal | undefined; gaps: Gap[]; now: number }) {
  const { link } = useScope();
  const tone = s.state === "ok" ? "positive" : s.state === "failing" || s.state === "paused" ? "negative" : "unscored";
  return (
    <li class="row source">
      <div class="row-main">
        <h2><a href={link("mentions", "", { source: s.source })}>{s.source}</a> <span class="faint small">{s.connector}</span> <span class={`tag ${tone}`}>{s.state}</span></h2>
        <p class="small faint">
          {s.last_ok_at ? <>Last heard <time dateTime={s.last_ok_at} title={moment(s.last_ok_at)}>{relative(s.last_ok_at, now)}</time></> : "Not heard yet"},{" "}
          {s.last_push_at && <>last push <time dateTime={s.last_push_at} title={moment(s.last_push_at)}>{relative(s.last_push_at, now)}</time>,{" "}</>}
          {s.next_poll_at ? <>next poll <time dateTime={s.next_poll_at} title={moment(s.next_poll_at)}>{Date.parse(s.next_poll_at) <= now ? "now" : relative(s.next_poll_at, now)}</time></> : "no poll planned"}
          {s.fail_count > 0 && <>, failed {number(s.fail_count)} times in a row</>}
        </p>
        {s.quota && <Quota quota={s.quota} now={now} />}
        <Shortage source={s} now={now} />
        {s.last_error && <p class="bad-text small" dir="auto">{s.last_error}</p>}
        <p class="facts small">
          <span><b>{number(s.received)}</b> received</span>
          <a href={link("mentions", "", { source: s.source, since: "84d" })}><b>{number(s.stored)}</b> stored</a>
          <span><b>{number(s.duplicate)}</b> known already</span><span><b>{number(s.updated)}</b> updated</span>
          <span><b>{number(s.unmatched)}</b> about no brand</span>
          <span class={s.malformed > 0 ? "bad-text" : ""}><b>{number(s.malformed)}</b> unreadable</span>
        </p>
        {legal && <Rules legal={legal} hydrate={s.hydrate} />}
      </div>
      <Week gaps={gaps} now={now} name={s.source} />
    </li>
  );
}

export function SourcesView() {
  const now = useNow();
  const found = useData<Sources>("sources", ["stored", "acted"]);
  return (
    <>
      <h1>Sources</h1>
      <Show of={found} lines={6}>{({ sources, gaps, legal }) => (
        <>
          {sources.length === 0
            ? <Empty>No source is configured. <code>earshot sources</code> lists what there is; add a [[source]] to the configuration.</Empty>
            : <><Coverage sources={sources} gaps={gaps} now={now} /><ul class="rows">{sources.map((s) => <Row key={s.source} source={s} legal={legal?.find((l) => l.source === s.source)} gaps={gaps.filter((g) => g.source === s.source)} now={now} />)}</ul></>}
          <DeliveriesCard />
          <Card id="gaps" title="What was not heard, last 7 days">
            {gaps.length === 0 ? <Empty>Nothing was missed. Rate limits, outages and limits of a platform appear here; baselines leave such hours out.</Empty> : (
              <div class="scroll" tabIndex={0} role="region" aria-label="Gaps">
                <table>
                  <thead><tr><th scope="col">Source</th><th scope="col">From</th><th scope="col">To</th><th scope="col" class="num">Long</th><th scope="col">Why</th></tr></thead>
                  <tbody>{gaps.map((g, i) => (
                    <tr key={i}><th scope="row">{g.source}{g.stream && <span class="faint small"> {g.stream}</span>}</th><td>{moment(g.from)}</td><td>{moment(g.to)}</td><td class="num">{span((Date.parse(g.to) - Date.parse(g.from)) / 1000)}</td><td dir="auto">{g.reason}{typeof g.rate === "number" && ` at ${percent(g.rate)}`}</td></tr>
                  ))}</tbody>
                </table>
              </div>
            )}
          </Card>
        </>
      )}</Show>
    </>
  );
}
