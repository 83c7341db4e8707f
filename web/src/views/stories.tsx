// How the stories of unhappy people went on, and what answering them was worth, with every assumption.
import { path_of } from "../api";
import { useData } from "../data";
import { capital, money, number, percent, plural, span, words } from "../format";
import { Bar, Card, Select } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { Step } from "../parts/step";
import { go } from "../route";
import { useScope } from "../scope";
import { outcomes, type Journeys, type Outcome, type Range, type Roi } from "../types";

const meaning: Record<Outcome, string> = {
  converted: "won back after our reply", converted_alone: "came round without us", relieved: "content once what hit many was over", angry: "negative again after our reply",
  silent: "nothing more for 30 days after our reply", unanswered: "nothing more, and no reply", open: "too early to say",
};

function share_of(range: Range): string {
  return `${percent(range.expected)} (${percent(range.low)} to ${percent(range.high)})`;
}

function Money({ roi: r }: { roi: Roi }) {
  const { link } = useScope();
  const a = r.assumptions;
  if (!a) return <Empty>No money is shown: no [[money]] in the configuration says what a customer who stays is worth.</Empty>;
  const c = a.currency;
  return (
    <>
      <dl class="money">
        {r.saved && a.saved_customer && (
          <div><dt>Kept</dt><dd><b>{money(r.saved, c)}</b><span class="faint small"><a href={link("stories", "", { outcome: "converted" })}>{plural(r.conversions.length, "conversion")}</a> × {money(a.saved_customer, c)} for a customer who stays</span></dd></div>
        )}
        {r.exposure && a.leaves_unanswered && a.saved_customer && (
          <div><dt>At risk</dt><dd><b>{money(r.exposure, c)}</b><span class="faint small"><a href={link("queue")}>{plural(r.waiting_people, "person", "people")} with a waiting complaint</a> × {share_of(a.leaves_unanswered)} who leave × {money(a.saved_customer, c)}</span></dd></div>
        )}
        {r.spared && a.cost_per_contact && (
          <div><dt>Spared</dt><dd><b>{money(r.spared, c)}</b><span class="faint small">{plural(r.response.answered, "public answer")} × {money(a.cost_per_contact, c)} for a call or mail</span></dd></div>
        )}
      </dl>
      <p class="faint small">Expected (low to high), by your assumptions {a.from ? `valid from ${a.from.slice(0, 10)}` : "valid for all time"}. A conversion is an unhappy person who praised within two weeks after your reply; that the reply was the cause is an assumption too.</p>
    </>
  );
}

function Stories() {
  const { brand, since, until, here, route } = useScope();
  const outcome = route.query.outcome ?? "";
  const found = useData<Journeys>(path_of("journeys", { brand, since, until, outcome, limit: 40 }), ["findings"]);
  return (
    <Card id="stories" title="Stories" aside={<Select label="Outcome" any="All" value={outcome} options={outcomes} change={(v) => go(here({ outcome: v }))} />}>
      <Show of={found} lines={6}>{({ journeys }) => journeys.length === 0
        ? <Empty>None in this period. A story begins with a negative post by somebody who was not unhappy already.</Empty>
        : <ul class="stories">{journeys.map((j, i) => (
            <li key={j.rant?.id ?? i} class="story">
              <p class="small"><span class={`tag ${j.outcome.startsWith("converted") ? "positive" : j.outcome === "angry" ? "negative" : "unscored"}`}>{words(j.outcome)}</span> <bdi>{j.author_handle || "unknown author"}</bdi>{j.issue && `, ${words(j.issue)}`}{j.fallen && ", had praised before"}</p>
              <div class="steps">
                <Step name="Unhappy" mention={j.rant} />
                {(j.reply || j.outcome !== "open") && <Step name="Our reply" mention={j.reply} />}
                {j.last && <Step name="Then" mention={j.last} />}
              </div>
            </li>
          ))}</ul>}
      </Show>
    </Card>
  );
}

export function StoriesView() {
  const { brand, since, until, here } = useScope();
  const roi = useData<Roi>(path_of("roi", { brand, since, until }), ["findings"]);
  const journeys = useData<Journeys>(path_of("journeys", { brand, since, until, limit: 1 }), ["findings"]);
  return (
    <>
      <h1>Stories and money</h1>
      <div class="two">
        <Card id="money" title="What did it earn?"><Show of={roi} lines={5}>{(r) => <Money roi={r} />}</Show></Card>
        <Card id="outcomes" title="How unhappy people's stories went on">
          <Show of={journeys} lines={5}>{({ counts }) => {
            const all = outcomes.reduce((sum, o) => sum + (counts[o] ?? 0), 0);
            return all === 0 ? <Empty>No story in this period yet.</Empty> : (
              <table class="mix">
                <thead><tr><th scope="col">Outcome</th><th scope="col" class="num">People</th><th scope="col" class="num">Share</th></tr></thead>
                <tbody>{outcomes.map((o) => (
                  <tr key={o}>
                    <th scope="row"><a href={here({ outcome: o })}>{capital(words(o))}</a> <span class="faint small">{meaning[o]}</span><Bar share={(counts[o] ?? 0) / all} tone={o.startsWith("converted") ? "positive" : o === "angry" ? "negative" : ""} /></th>
                    <td class="num">{number(counts[o] ?? 0)}</td><td class="num">{percent((counts[o] ?? 0) / all)}</td>
                  </tr>
                ))}</tbody>
              </table>
            );
          }}</Show>
        </Card>
      </div>
      <Show of={roi} lines={4}>{(r) => (
        <Card id="months" title="By month">
          <p>{number(r.response.contacts)} posts asked for an answer, {number(r.response.answered)} had one{r.response.answered_share !== null && ` (${percent(r.response.answered_share, 1)})`}
            {r.response.median_s !== null && `, half of them within ${span(r.response.median_s)}`}; {number(r.response.settled)} more settled by themselves.</p>
          <div class="scroll" tabIndex={0} role="region" aria-label="Stories by month">
            <table>
              <thead><tr><th scope="col">Began in</th>{outcomes.map((o) => <th key={o} scope="col" class="num">{words(o)}</th>)}<th scope="col" class="num">Of ended</th><th scope="col" class="num">Worth</th></tr></thead>
              <tbody>{r.months.map((m) => (
                <tr key={m.month}><th scope="row">{m.month}</th>{outcomes.map((o) => <td key={o} class="num">{number(m[o])}</td>)}
                  <td class="num">{percent(m.converted_share, 1)}</td><td class="num">{m.saved && m.assumptions ? money(m.saved, m.assumptions.currency) : "–"}</td></tr>
              ))}</tbody>
            </table>
          </div>
          <p class="faint small">Of ended: converted, of the stories that are not open. Worth: conversions × what a customer who stays is worth, by the assumptions valid then.</p>
        </Card>
      )}</Show>
      <Stories />
    </>
  );
}
