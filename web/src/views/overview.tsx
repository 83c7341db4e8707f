// At a glance: are we normal, what broke, who waits, what to write, what did it earn.
import { path_of } from "../api";
import { useData, useNow } from "../data";
import { big, capital, day, deviation, money, number, plural, relative, signed, usually, words, type Kind } from "../format";
import { Card, Deviates, Gauge } from "../parts/bits";
import { Measured } from "../parts/measured";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import type { Idea, Incident, Overview, Queue, Roi, Usual } from "../types";
import { Charts } from "./overview_charts";
import { Drivers } from "./overview_drivers";
import { Stream } from "./overview_stream";

/** "A normal week", or what is not: the first sentence a reader sees. */
function headline(o: Overview): string {
  if (o.last_week.mentions === 0 && o.total.mentions === 0) return `Nothing was heard about ${o.brand} yet`;
  const { volume, net_sentiment, negative_author_share: unhappy } = o.against_usual;
  const odd = (u: Usual) => u.z !== null && u.weeks >= 3 && Math.abs(u.z) >= 2;
  const said: string[] = [];
  if (odd(volume)) said.push((volume.z ?? 0) > 0 ? "louder than usual" : "quieter than usual");
  if (odd(net_sentiment)) said.push((net_sentiment.z ?? 0) > 0 ? "happier than usual" : "less happy than usual");
  else if (odd(unhappy)) said.push((unhappy.z ?? 0) > 0 ? "more unhappy people than usual" : "fewer unhappy people than usual");
  const incident = o.incidents_open > 0 ? `${plural(o.incidents_open, "incident")} open` : "";
  if (said.length === 0 && !incident) {
    return deviation(volume, "count").tone === "unknown" ? "Still learning what is usual" : "A normal week";
  }
  return capital([incident, said.join(" and ")].filter(Boolean).join(", "));
}

function Figure({ name, value, usual, kind, href }: { name: string; value: string; usual: Usual; kind: Kind; href: string }) {
  return (
    <a class="figure" href={href}>
      <span class="figure-name">{name}</span>
      <span class="figure-value">{value}</span>
      <Gauge usual={usual} />
      <Deviates usual={usual} kind={kind} />
      <span class="faint small">{usually(usual, kind)}</span>
    </a>
  );
}

function Broke() {
  const { brand, link } = useScope();
  const now = useNow();
  const incidents = useData<{ incidents: Incident[] }>(path_of("incidents", { brand }), ["findings", "acted"]);
  return (
    <Card id="broke" title="What broke?" aside={<a href={link("incidents")}>All</a>}>
      <Show of={incidents}>{({ incidents: all }) => {
        const list = all.filter((i) => i.state !== "dismissed");
        return list.length === 0
        ? <Empty>Nothing in 90 days. An incident appears when far more people than usual report trouble within an hour.</Empty>
        : <ul class="short-list">{list.slice(0, 3).map((i) => (
            <li key={i.id}>
              <a href={link("incident", i.id)}>{capital(words(i.title))}</a>
              <span class="faint small">
                <span class={`tag ${i.state === "open" ? "negative" : "unscored"}`}>{i.state}</span> severity {i.severity} of 10, {plural(i.authors, "person", "people")}, {relative(i.started_at, now)}
              </span>
            </li>
          ))}</ul>;
      }}
      </Show>
    </Card>
  );
}

function Waits() {
  const { brand, link } = useScope();
  const now = useNow();
  const queue = useData<Queue>(path_of("queue", { brand, limit: 3 }), ["findings", "acted"]);
  return (
    <Card id="waits" title="Who waits for us?" aside={<a href={link("queue")}>Queue</a>}>
      <Show of={queue}>{(q) => q.waiting.length === 0
        ? <Empty>Nobody. Complaints and questions without an answer appear here, most urgent first.</Empty>
        : <ul class="short-list">{q.waiting.map((w) => (
            <li key={w.mention.id}>
              <a href={link("queue", w.mention.id)} dir="auto">{(w.mention.title || w.mention.text).slice(0, 110)}</a>
              <span class="faint small">priority {w.priority}, <bdi>{w.mention.author || "unknown"}</bdi>, {relative(w.mention.created_at, now)}</span>
            </li>
          ))}</ul>}
      </Show>
    </Card>
  );
}

function Write() {
  const { brand, link } = useScope();
  const ideas = useData<{ ideas: Idea[] }>(path_of("ideas", { brand, limit: 3 }), ["findings", "acted"]);
  return (
    <Card id="write" title="What should we write?" aside={<a href={link("ideas")}>Board</a>}>
      <Show of={ideas}>{({ ideas: list }) => list.length === 0
        ? <Empty>No idea yet. One appears when three people ask the same within eight weeks.</Empty>
        : <ul class="short-list">{list.slice(0, 3).map((i) => (
            <li key={i.id}>
              <a href={link("idea", i.id)} dir="auto">{i.title}</a>
              <span class="faint small">{plural(i.askers, "person", "people")} asked, {number(i.unanswered)} without an answer</span>
            </li>
          ))}</ul>}
      </Show>
    </Card>
  );
}

function Earned() {
  const { brand, link, since, until } = useScope();
  const roi = useData<Roi>(path_of("roi", { brand, since, until }), ["findings"]);
  return (
    <Card id="earned" title="What did it earn?" aside={<a href={link("stories")}>Details</a>}>
      <Show of={roi}>{(r) => {
        const a = r.assumptions;
        return (
          <ul class="short-list">
            <li>
              <a href={link("stories", "", { outcome: "converted" })}>{plural(r.conversions.length, "unhappy person", "unhappy people")} won back</a>
              {r.saved && a && <span class="faint small">{money(r.saved, a.currency)}, at {a.saved_customer?.expected} {a.currency} each</span>}
            </li>
            <li>
              <a href={link("queue")}>{plural(r.waiting_people, "person waits", "people wait")} with a complaint</a>
              {r.exposure && a && <span class="faint small">{money(r.exposure, a.currency)} at risk, if {((a.leaves_unanswered?.expected ?? 0) * 100).toFixed(0)} % leave</span>}
            </li>
            {r.spared && a && (
              <li>
                <a href={link("replies")}>{plural(r.response.answered, "public answer")}</a>
                <span class="faint small">{money(r.spared, a.currency)} of calls spared, at {a.cost_per_contact?.expected} {a.currency} each</span>
              </li>
            )}
            {!a && <li class="faint small">No money is shown: no [[money]] in the configuration says what a customer is worth.</li>}
          </ul>
        );
      }}</Show>
    </Card>
  );
}

export function OverviewView() {
  const { brand, since, until, link } = useScope();
  const now = useNow();
  const overview = useData<Overview>(path_of("overview", { brand, since, until }), ["stored", "findings"]);
  const week = (query: Record<string, string> = {}) => link("mentions", "", { since: "7d", until: "", ...query });
  return (
    <>
      <Show of={overview} lines={4}>{(o) => {
        const w = o.last_week;
        const usual = o.against_usual;
        const share = usual.negative_author_share.value;
        return (
          <section aria-labelledby="normal-title" class="glance">
            <h1 id="normal-title">{headline(o)}</h1>
            <p class="faint">
              {o.brand}, {day(w.from)} to {day(w.until)}, against the weeks before.{" "}
              {o.newest ? <>Newest mention {relative(o.newest, now)}. </> : null}
              {w.gap_hours >= 1 && <a href={link("sources")}>{number(w.gap_hours)} h were not fully heard.</a>}
            </p>
            <div class="figures">
              <Figure name="Mentions" value={big(w.mentions)} usual={usual.volume} kind="count" href={week()} />
              <Figure name="People" value={big(w.authors)} usual={usual.authors} kind="count" href={week()} />
              <Figure name="Net sentiment" value={signed(w.net_sentiment)} usual={usual.net_sentiment} kind="net" href={week({ polarity: "negative" })} />
              <Figure name="Unhappy people" value={share === null ? "–" : `${(share * 100).toFixed(0)} %`} usual={usual.negative_author_share} kind="part" href={week({ polarity: "negative" })} />
            </div>
            <p class="facts">
              <a href={week({ intent: "question" })}>{plural(w.questions, "question")}</a>
              <a href={week({ intent: "complaint" })}>{plural(w.complaints, "complaint")}</a>
              <a href={week({ polarity: "positive" })}>{number(w.positive)} positive</a>
              <a href={week({ polarity: "neutral" })}>{number(w.neutral)} neutral</a>
              <a href={week({ polarity: "negative" })}>{number(w.negative)} negative</a>
              {w.unscored > 0 && <a href={week({ polarity: "unscored" })}>{number(w.unscored)} unscored</a>}
              <span class="faint">left out: {number(w.own)} own posts, <a href={week({ intent: "spam" })}>{number(w.spam)} spam</a></span>
            </p>
            <Measured of="sentiment" />
          </section>
        );
      }}</Show>
      <div class="four"><Broke /><Waits /><Write /><Earned /></div>
      <Charts />
      <Show of={overview}>{(o) => <Drivers overview={o} />}</Show>
      <Stream />
      {overview.data && <p class="faint small formula">{words(overview.data.formula)}</p>}
    </>
  );
}
