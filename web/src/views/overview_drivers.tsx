// What people talk about, and what of it moved: issues, products, sources, languages, share of voice.
import { capital, language, number, percent, signed, words } from "../format";
import { Bar, Card, Deviates } from "../parts/bits";
import { Measured } from "../parts/measured";
import { Empty } from "../parts/states";
import { useScope } from "../scope";
import type { Overview } from "../types";

export function Drivers({ overview: o }: { overview: Overview }) {
  const { link } = useScope();
  const mentions = (query: Record<string, string>) => link("mentions", "", query);
  const all = Math.max(1, o.total.mentions);
  const issues = o.issues.filter((i) => i.issue !== "other").slice(0, 10);
  const most = Math.max(0.0001, ...issues.map((i) => i.share));
  const movers = o.issues.filter((i) => i.week.z !== null && i.week.weeks >= 3 && Math.abs(i.week.z) >= 2)
    .sort((a, b) => Math.abs(b.week.z ?? 0) - Math.abs(a.week.z ?? 0)).slice(0, 4);
  return (
    <div class="two">
      <Card id="issues" title="Issues" aside={<a href={link("drivers")}>What moved sentiment</a>}>
        {movers.length > 0 && (
          <p class="drivers">What moved this week: {movers.map((i, k) => (
            <span key={i.issue}>{k > 0 && ", "}<a href={mentions({ issue: i.issue, since: "7d", until: "" })}>{words(i.issue)}</a> <Deviates usual={i.week} kind="count" /></span>
          ))}</p>
        )}
        {issues.length === 0 ? <Empty>Issue types appear with the first mentions.</Empty> : (
          <table class="mix">
            <thead><tr><th scope="col">Issue</th><th scope="col" class="num">Mentions</th><th scope="col" class="num">Negative</th><th scope="col">Last 7 days</th></tr></thead>
            <tbody>{issues.map((i) => (
              <tr key={i.issue}>
                <th scope="row"><a href={mentions({ issue: i.issue })}>{capital(words(i.issue))}</a><Bar share={i.share / most} /></th>
                <td class="num"><a href={mentions({ issue: i.issue })}>{number(i.mentions)}</a></td>
                <td class="num"><a href={mentions({ issue: i.issue, polarity: "negative" })}>{percent(i.mentions ? i.negative / i.mentions : 0)}</a></td>
                <td><Deviates usual={i.week} kind="count" /></td>
              </tr>
            ))}</tbody>
          </table>
        )}
        <Measured of="issues" />
      </Card>
      <div class="stack">
        <Card id="where" title="Where and how">
          <table class="mix">
            <thead><tr><th scope="col">Source</th><th scope="col" class="num">Mentions</th><th scope="col" class="num">Negative</th></tr></thead>
            <tbody>{o.sources.map((s) => (
              <tr key={s.source}>
                <th scope="row"><a href={mentions({ source: s.source })}>{s.source}</a><Bar share={s.mentions / all} /></th>
                <td class="num"><a href={mentions({ source: s.source })}>{number(s.mentions)}</a></td>
                <td class="num"><a href={mentions({ source: s.source, polarity: "negative" })}>{percent(s.mentions ? s.negative / s.mentions : 0)}</a></td>
              </tr>
            ))}</tbody>
          </table>
          {o.languages.length > 0 && (
            <p class="facts small">{o.languages.slice(0, 8).map((l) => (
              <span key={l.lang}>{l.lang ? <a href={mentions({ lang: l.lang })}>{language(l.lang)}</a> : "unknown"} {number(l.mentions)}{l.unscored > 0 && <span class="faint"> ({number(l.unscored)} unscored)</span>}</span>
            ))}</p>
          )}
        </Card>
        {(o.share_of_voice.length > 1 || o.products.length > 0) && (
          <Card id="voice" title="Products and competitors" aside={<a href={link("benchmark")}>Beside others</a>}>
            <table class="mix">
              <thead><tr><th scope="col">Name</th><th scope="col" class="num">Mentions</th><th scope="col" class="num">Net sentiment</th></tr></thead>
              <tbody>
                {o.products.slice(0, 6).map((p) => (
                  <tr key={`p ${p.product}`}>
                    <th scope="row"><a href={mentions({ product: p.product })}>{p.product}</a></th>
                    <td class="num"><a href={mentions({ product: p.product })}>{number(p.mentions)}</a></td><td class="num">{signed(p.net_sentiment)}</td>
                  </tr>
                ))}
                {o.share_of_voice.length > 1 && o.share_of_voice.map((b) => (
                  <tr key={`b ${b.brand}`}>
                    <th scope="row"><a href={mentions({ brand: b.brand })}>{b.brand}</a> <span class="faint small">{percent(b.share)} of voice</span><Bar share={b.share} /></th>
                    <td class="num"><a href={mentions({ brand: b.brand })}>{number(b.mentions)}</a></td><td class="num">{signed(b.net_sentiment)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            <Measured of="sentiment" />
          </Card>
        )}
      </div>
    </div>
  );
}
