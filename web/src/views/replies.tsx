// How soon people were answered against the targets, and how the answers read.
import { path_of } from "../api";
import { useData } from "../data";
import type { Answers, Conduct, Responses } from "../findings";
import { estimate, number, plural, span } from "../format";
import { Bar, Card } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { Step } from "../parts/step";
import { useScope } from "../scope";

const time = (seconds: number | null) => (seconds === null ? "–" : span(seconds));

function Times({ r }: { r: Responses }) {
  const { link } = useScope();
  const asked = (source = "") => link("mentions", "", { contact: "true", counted: "true", source });
  const t = r.targets;
  const row = (name: string, a: Answers, source = "") => (
    <tr key={name}>
      <th scope="row">{source ? name : <b>{name}</b>}{a.answered_share && <Bar share={a.answered_share.value} />}</th>
      <td class="num"><a href={asked(source)}>{number(a.contacts)}</a></td><td class="num">{number(a.answered)}</td><td class="num">{estimate(a.answered_share)}</td>
      <td class="num">{time(a.median_s)}</td><td class="num">{time(a.open_median_s)}</td><td class={`num ${t && a.late > 0 ? "bad-text" : ""}`}>{t ? number(a.late) : "–"}</td>
    </tr>
  );
  return r.total.contacts === 0 ? <Empty>Nobody asked for an answer in this period.</Empty> : (
    <>
      {t
        ? <p>Targets for the first reply, in open hours: {[["urgent", t.high_s], ["less urgent", t.medium_s], ["the rest", t.low_s]].filter(([, s]) => s !== null).map(([name, s], i) => <span key={name}>{i > 0 && ", "}{name} <b>{span(Number(s))}</b></span>)}. <b class={r.total.late > 0 ? "bad-text" : ""}>{plural(r.total.late, "person", "people")}</b> waited longer.</p>
        : <p class="faint">No targets: <code>answer_within</code> in <code>[[service]]</code> of the configuration sets them.</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label="Answers per source">
        <table class="mix">
          <thead><tr><th scope="col">Source</th><th scope="col" class="num">Asked</th><th scope="col" class="num">Answered</th><th scope="col" class="num">Share</th><th scope="col" class="num">Median</th><th scope="col" class="num">in open hours</th><th scope="col" class="num">Over target</th></tr></thead>
          <tbody>{row("All", r.total)}{r.sources.map((s) => row(s.source, s, s.source))}</tbody>
        </table>
      </div>
      <p class="faint small">Share with its 95 % interval. Median of the days’ medians, with nights and weekends; beside it in the hours in which somebody is there. {number(r.total.settled)} more settled by themselves.</p>
    </>
  );
}

function Read({ c }: { c: Conduct }) {
  return c.replies === 0 ? <Empty>No reply of yours was heard in this period.</Empty> : (
    <>
      <p class="facts">
        <span><b>{number(c.replies)}</b> replies</span><span><b>{number(c.canned)}</b> in words used before</span>
        <span><b>{number(c.followups)}</b> {c.followups === 1 ? "person" : "people"} wrote again</span><span class={c.unanswered > 0 ? "bad-text" : ""}><b>{number(c.unanswered)}</b> of them heard nothing within a day</span>
      </p>
      <ul class="stories">{c.cases.map((one) => (
        <li key={`${one.kind}${one.mention?.id}`} class="story">
          <p class="small"><span class={`tag ${one.kind === "unanswered" ? "negative" : "watch"}`}>{one.kind === "canned" ? `canned, ${number(one.times)} times` : "left alone"}</span></p>
          <div class="steps">
            <Step name={one.kind === "canned" ? "We wrote" : "They wrote again"} mention={one.mention} none="gone" />
            <Step name={one.kind === "canned" ? "The same before" : "After our reply"} mention={one.about} none="gone" />
          </div>
        </li>
      ))}</ul>
      <p class="faint small">Canned: the words of two earlier replies within four weeks, names and signature aside.</p>
    </>
  );
}

export function RepliesView() {
  const { brand, since, until } = useScope();
  const times = useData<Responses>(path_of("responses", { brand, since, until }), ["findings"]);
  const conduct = useData<Conduct>(path_of("conduct", { brand, since, until, limit: 12 }), ["findings"]);
  return (
    <>
      <h1>Our replies</h1>
      <Card id="times" title="How soon were people answered?"><Show of={times} lines={6}>{(r) => <Times r={r} />}</Show></Card>
      <Card id="conduct" title="How do our replies read?"><Show of={conduct} lines={6}>{(c) => <Read c={c} />}</Show></Card>
    </>
  );
}
