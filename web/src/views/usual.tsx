// What is usual in each hour of the week, of all mentions or of one issue type.
import { path_of } from "../api";
import { useData } from "../data";
import type { BaselineHours } from "../findings";
import { capital, decimal, plural, words } from "../format";
import { Card, Select } from "../parts/bits";
import { Measured } from "../parts/measured";
import { Empty, Show } from "../parts/states";
import { go } from "../route";
import { useScope } from "../scope";
import { issue_types } from "../types";

const days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const metrics = [["volume", "Mentions"], ["authors", "People"]] as const;

function Week({ b, label }: { b: BaselineHours; label: string }) {
  const at = (d: number, h: number) => b.hours.find((x) => x.hour_of_week === d * 24 + h);
  const most = Math.max(1e-9, ...b.hours.map((x) => x.centre));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={label}>
      <table class="heat">
        <caption class="unseen">{label}: usual number in each hour, UTC</caption>
        <thead><tr><th scope="col">UTC</th>{Array.from({ length: 24 }, (_, h) => <th key={h} scope="col">{h % 3 === 0 ? h : <span class="unseen">{h}</span>}</th>)}<th scope="col" class="num">Day</th></tr></thead>
        <tbody>{days.map((name, d) => (
          <tr key={name}><th scope="row">{name.slice(0, 3)}<span class="unseen">{name.slice(3)}</span></th>
            {Array.from({ length: 24 }, (_, h) => {
              const x = at(d, h);
              const text = x ? `${decimal(x.centre, 1)} ± ${decimal(x.spread, 1)}` : "not known";
              return <td key={h} class={`heat-${x ? Math.ceil((x.centre / most) * 6) : "none"}`} title={`${name} ${h}:00, ${text}`}><span class="unseen">{text}</span></td>;
            })}
            <td class="num">{decimal(b.hours.filter((x) => Math.floor(x.hour_of_week / 24) === d).reduce((n, x) => n + x.centre, 0), 1)}</td></tr>
        ))}</tbody>
      </table>
    </div>
  );
}

export function UsualView() {
  const { brand, route, here, link } = useScope();
  const issue = route.query.issue ?? "";
  const metric = route.query.metric === "authors" ? "authors" : "volume";
  const found = useData<BaselineHours>(path_of("baseline", { brand, metric, issue }), ["findings"]);
  return (
    <>
      <h1>What is usual?</h1>
      <div class="filters">
        <Select label="Issue" any="All mentions" value={issue} options={issue_types} change={(v) => go(here({ issue: v }))} />
        <Select label="Count" value={metric} options={metrics} change={(v) => go(here({ metric: v }))} />
      </div>
      <Show of={found} lines={8}>{(b) => {
        const weeks = Math.max(0, ...b.hours.map((h) => h.weeks));
        const what = issue ? capital(words(issue)) : "All mentions";
        return (
          <Card id="usual" title={`${what}, by hour of the week`} aside={<a href={link("mentions", "", { issue })}>The mentions</a>}>
            {b.hours.length === 0
              ? <Empty>Nothing is known yet: what is usual is learnt from two days on.</Empty>
              : (
                <>
                  <Week b={b} label={`${what} by hour of the week`} />
                  <p class="faint small">Darker: more. About {decimal(b.hours.reduce((n, h) => n + h.centre, 0), 1)} a week, from {plural(weeks, "week")}{b.hours.some((h) => h.warm_up) && "; some hours are still warming up"}. Hours of campaigns and hours that were not heard are left out. An alarm needs five people, three times the usual, and five spreads above it.</p>
                </>
              )}
            <Measured of={issue ? "issues" : "sentiment"} />
          </Card>
        );
      }}</Show>
    </>
  );
}
