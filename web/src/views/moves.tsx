// How many people moved from one stance to another, by month.
import { path_of } from "../api";
import { useData } from "../data";
import type { StanceMonth } from "../findings";
import { capital, number } from "../format";
import { Card, Select } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { go } from "../route";
import { useScope } from "../scope";

const ladder = ["unknown", "neutral", "ranter", "raver", "advocate", "defender"] as const;
const rank = (stance: string) => ["ranter", "unknown", "neutral", "raver", "advocate", "defender"].indexOf(stance);

function Matrix({ rows }: { rows: StanceMonth[] }) {
  const { link } = useScope();
  const count = (from: string, to: string) => rows.filter((r) => r.from === from && r.to === to).reduce((n, r) => n + r.people, 0);
  const to = ladder.slice(1);
  const most = Math.max(1, ...rows.filter((r) => r.from !== "unknown").map((r) => r.people));
  const shade = (n: number) => Math.min(4, Math.ceil((n / most) * 4));
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label="From which stance to which">
      <table class="matrix">
        <thead><tr><th scope="col">From ↓ to →</th>{to.map((s) => <th key={s} scope="col" class="num"><a href={link("people", "", { kind: s })}>{capital(s)}</a></th>)}</tr></thead>
        <tbody>{ladder.map((from) => (
          <tr key={from}><th scope="row">{capital(from)}</th>{to.map((s) => {
            const n = from === s ? 0 : count(from, s);
            const side = rank(s) > rank(from) ? "up" : "down";
            return <td key={s} class={`num ${n > 0 ? `${side} shade-${shade(n)}` : "faint"}`}>{n > 0 ? <a href={link("people", "", { kind: s })}>{number(n)}</a> : "–"}</td>;
          })}</tr>
        ))}</tbody>
      </table>
    </div>
  );
}

export function MovesView() {
  const { brand, route, here, link } = useScope();
  const found = useData<{ months: StanceMonth[] }>(path_of("people/matrix", { brand }), ["findings"]);
  return (
    <>
      <h1>How people move</h1>
      <p class="faint">From one stance to the next: unknown, neutral, ranter, raver, advocate, defender. Everybody’s two posts that show a move stand under <a href={link("people")}>Who they are</a>.</p>
      <Show of={found} lines={8}>{({ months }) => {
        const names = [...new Set(months.map((m) => m.month))].sort().reverse();
        const month = route.query.month && names.includes(route.query.month) ? route.query.month : names[0];
        if (!month) return <Empty>Nobody has moved yet. A stance is known from the first opinion on.</Empty>;
        const of_month = (m: string) => months.filter((r) => r.month === m);
        const sum = (m: string, test: (r: StanceMonth) => boolean) => of_month(m).filter(test).reduce((n, r) => n + r.people, 0);
        return (
          <>
            <Card id="matrix" title={`Moves in ${month}`} aside={<Select label="Month" value={month} options={names.map((n) => [n, n] as const)} change={(v) => go(here({ month: v }))} />}>
              <Matrix rows={of_month(month)} />
              <p class="faint small">People who moved at least once; green upwards, red downwards, stronger where more did. Newly heard people come from “unknown”.</p>
            </Card>
            <Card id="by-month" title="By month">
              <div class="scroll" tabIndex={0} role="region" aria-label="Moves by month"><table>
                <thead><tr><th scope="col">Month</th><th scope="col" class="num">Ranter to raver or better</th><th scope="col" class="num">Raver or better to ranter</th><th scope="col" class="num">New ranters</th><th scope="col" class="num">New ravers</th></tr></thead>
                <tbody>{names.map((m) => (
                  <tr key={m}><th scope="row"><a href={here({ month: m })}>{m}</a></th>
                    <td class="num"><a href={link("stories", "", { outcome: "converted" })}>{number(sum(m, (r) => r.from === "ranter" && rank(r.to) >= 3))}</a></td>
                    <td class="num"><a href={link("people", "", { kind: "ranter" })}>{number(sum(m, (r) => r.to === "ranter" && rank(r.from) >= 3))}</a></td>
                    <td class="num"><a href={link("people", "", { kind: "ranter" })}>{number(sum(m, (r) => r.from === "unknown" && r.to === "ranter"))}</a></td>
                    <td class="num"><a href={link("people", "", { kind: "raver" })}>{number(sum(m, (r) => r.from === "unknown" && r.to === "raver"))}</a></td></tr>
                ))}</tbody>
              </table></div>
            </Card>
          </>
        );
      }}</Show>
    </>
  );
}
