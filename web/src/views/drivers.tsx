// What moved net sentiment away from its usual, issue by issue; the parts add up to the whole.
import { useState } from "preact/hooks";
import { path_of } from "../api";
import { useData } from "../data";
import type { Driver, Drivers, Lag } from "../findings";
import { capital, day, number, percent, plural, rounded_to_sum, signed, words } from "../format";
import { Card } from "../parts/bits";
import { Interval } from "../parts/interval";
import { Measured } from "../parts/measured";
import { Empty, Show } from "../parts/states";
import { view_of } from "../links";
import { useScope } from "../scope";

const rows_shown = 12;
const fine = (value: number) => {
  const text = Math.abs(value).toFixed(3);
  return text === "0.000" ? text : (value < 0 ? "\u2212" : "+") + text;
};

/** Strongest first; what is folded is summed, so that the column adds up whatever is shown. */
function Contributions({ d }: { d: Drivers }) {
  const [all, set_all] = useState(false);
  const shown = all ? d.drivers : d.drivers.slice(0, rows_shown);
  const rest = d.drivers.slice(shown.length);
  const least = Math.min(0, ...d.drivers.map((r) => r.low));
  const most = Math.max(0, ...d.drivers.map((r) => r.high));
  // The last entry stands for what is folded. A reader who adds the column up must find what stands below it.
  const column = (of: (r: Driver) => number) => rounded_to_sum([...shown.map(of), rest.reduce((n, r) => n + of(r), 0)], 3);
  const contributions = column((r) => r.contribution);
  const tones = column((r) => r.tone);
  const mixes = column((r) => r.mix);
  const sum = (values: number[]) => values.reduce((n, value) => n + value, 0);
  return (
    <>
      <div class="scroll tall" tabIndex={0} role="region" aria-label="Contributions by issue">
        <table class="mix contributions">
          <thead><tr><th scope="col">Issue</th><th scope="col" class="num">Contribution</th><th scope="col">95 % interval</th><th scope="col" class="num">Tone</th><th scope="col" class="num">Mix</th><th scope="col" class="num">Share now</th><th scope="col" class="num">Mentions</th></tr></thead>
          <tbody>
            {shown.map((r, i) => {
              const href = view_of(r.mentions_url);
              return (
                <tr key={r.issue}>
                  <th scope="row">{href ? <a href={href}>{capital(words(r.issue))}</a> : words(r.issue)}
                    {r.reasons.length > 0 && <span class="faint small" dir="auto"> {r.reasons.slice(0, 2).map((p) => p.phrase).join("; ")}</span>}</th>
                  <td class={`num ${r.high < 0 ? "bad-text" : r.low > 0 ? "good-text" : ""}`}>{fine(contributions[i] ?? 0)}</td>
                  <td title={`${fine(r.low)} to ${fine(r.high)}`}><Interval value={r.contribution} low={r.low} high={r.high} least={least} most={most} /><span class="unseen">{fine(r.low)} to {fine(r.high)}</span></td>
                  <td class="num">{fine(tones[i] ?? 0)}</td><td class="num">{fine(mixes[i] ?? 0)}</td>
                  <td class="num">{percent(r.share, 1)} <span class="faint">({percent(r.usual_share, 1)})</span></td>
                  <td class="num">{href ? <a href={href}>{number(r.mentions)}</a> : number(r.mentions)}</td>
                </tr>
              );
            })}
            {rest.length > 0 && (
              <tr><th scope="row" class="faint">{plural(rest.length, "more issue")}</th><td class="num">{fine(contributions[shown.length] ?? 0)}</td><td /><td class="num">{fine(tones[shown.length] ?? 0)}</td><td class="num">{fine(mixes[shown.length] ?? 0)}</td><td /><td /></tr>
            )}
          </tbody>
          <tfoot><tr><th scope="row">Together</th><td class="num"><b>{fine(sum(contributions))}</b></td><td title={`${fine(d.low)} to ${fine(d.high)}`} class="small">{fine(d.low)} to {fine(d.high)}</td><td class="num">{fine(sum(tones))}</td><td class="num">{fine(sum(mixes))}</td><td /><td class="num">{number(d.scored)}<span class="unseen"> scored mentions</span></td></tr></tfoot>
        </table>
      </div>
      {d.drivers.length > rows_shown && <p><button type="button" aria-expanded={all} onClick={() => set_all(!all)}>{all ? "Show the strongest" : `Show all ${d.drivers.length}`}</button></p>}
      <p class="faint small">Tone: the same issue is spoken of otherwise. Mix: there is more or less of an issue that lies above or below the usual. A mention of two issues counts half in each, so that the parts add up. An interval that leaves out 0 is clear of chance. It is arithmetic, not cause.</p>
    </>
  );
}

function Lags({ name, lags }: { name: string; lags: Lag[] }) {
  const known = lags.filter((l) => l.r !== null);
  return (
    <div>
      <h3>{name}</h3>
      {known.length === 0 ? <Empty>Too few days to say.</Empty> : (
        <table class="mix">
          <thead><tr><th scope="col">Days later</th><th scope="col">95 % interval</th><th scope="col" class="num">r</th></tr></thead>
          <tbody>{known.filter((l) => Math.abs(l.lag_days) <= 3).map((l) => (
            <tr key={l.lag_days}><th scope="row">{l.lag_days === 0 ? "the same day" : fine(l.lag_days).replace(".000", "")}</th>
              <td><Interval value={l.r ?? 0} low={l.low ?? 0} high={l.high ?? 0} least={-1} most={1} /><span class="unseen">{signed(l.low)} to {signed(l.high)}</span></td><td class="num">{signed(l.r)}</td></tr>
          ))}</tbody>
        </table>
      )}
    </div>
  );
}

export function DriversView() {
  const { brand, since, until } = useScope();
  const found = useData<Drivers>(path_of("drivers", { brand, since, until }), ["findings"]);
  return (
    <>
      <h1>What moved sentiment?</h1>
      <Show of={found} lines={10}>{(d) => (
        <>
          <p>Net sentiment <b>{signed(d.net_sentiment)}</b> from {day(d.since)} to {day(d.until)}, usually <b>{signed(d.usual_net_sentiment)}</b> ({plural(d.weeks, "week")} before{d.weeks_left_out > 0 && `, ${d.weeks_left_out} left out that were not heard`}): a difference of <b>{fine(d.difference)}</b> ({fine(d.low)} to {fine(d.high)}).</p>
          <Card id="drivers" title="Contribution of each issue">
            {d.too_little ? <Empty>Too little was scored to say: {number(d.scored)} mentions now, {number(d.usual_scored)} before. A longer period helps.</Empty> : d.drivers.length === 0 ? <Empty>Nothing was said.</Empty> : <Contributions d={d} />}
            <Measured of="sentiment" /><Measured of="issues" />
          </Card>
          <Card id="movement" title="What goes along with it">
            <div class="two"><Lags name="Number of mentions" lags={d.movement.volume} /><Lags name="Posts of our own" lags={d.movement.own_posts} /></div>
            <p class="faint small">Correlation of daily net sentiment with the number of mentions and of own posts so many days later, over {plural(d.movement.days, "day")} with five scored mentions or more. One lag in twenty looks clear by chance.</p>
          </Card>
        </>
      )}</Show>
    </>
  );
}
