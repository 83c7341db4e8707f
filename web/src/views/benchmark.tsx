// The brand beside its competitors, with how sure each figure is.
import { path_of } from "../api";
import { useData } from "../data";
import type { Benchmark, BrandFigures, Estimate } from "../findings";
import { day, estimate, number, percent, signed, span } from "../format";
import { Card } from "../parts/bits";
import { Interval } from "../parts/interval";
import { Measured } from "../parts/measured";
import { Empty, Show } from "../parts/states";
import { view_of } from "../links";
import { useScope } from "../scope";

function Bars({ title, id, rows, of, least, most, text }: {
  title: string; id: string; rows: BrandFigures[]; of: (b: BrandFigures) => Estimate | null; least: number; most: number; text: (e: Estimate | null) => string;
}) {
  return (
    <Card id={id} title={title}>
      <table class="mix"><tbody>{rows.map((b) => {
        const e = of(b);
        return <tr key={b.brand}><th scope="row">{b.own ? <b>{b.brand}</b> : b.brand}{e && <Interval value={e.value} low={e.low} high={e.high} least={least} most={most} sided={least < 0} />}</th><td class="num">{text(e)}</td></tr>;
      })}</tbody></table>
    </Card>
  );
}

export function BenchmarkView() {
  const { brand, since, until } = useScope();
  const found = useData<Benchmark>(path_of("benchmark", { brand, since, until }), ["findings"]);
  const net = (e: Estimate | null) => (e ? `${signed(e.value)} (${signed(e.low)} to ${signed(e.high)})` : "–");
  return (
    <>
      <h1>Beside others</h1>
      <Show of={found} lines={8}>{(b) => b.brands.length < 2
        ? <Empty>No competitor is listened to. Name them in <code>competitors</code> of the [[brand]], each with a [[brand]] of its own.</Empty>
        : (
          <>
            <p class="faint">{day(b.since)} to {day(b.until)}, with 95 % intervals; where two overlap, chance may be all there is between them.</p>
            <div class="three">
              <Bars id="voice" title="Share of voice" rows={b.brands} of={(x) => x.share_of_voice} least={0} most={1} text={estimate} />
              <Bars id="net" title="Net sentiment" rows={b.brands} of={(x) => x.net_sentiment} least={-1} most={1} text={net} />
              <Bars id="unhappy" title="Unhappy people" rows={b.brands} of={(x) => x.negative_author_share} least={0} most={1} text={estimate} />
            </div>
            <Card id="figures" title="Figures">
              <div class="scroll" tabIndex={0} role="region" aria-label="Figures per brand">
                <table>
                  <thead><tr><th scope="col">Brand</th><th scope="col" class="num">Mentions</th><th scope="col" class="num">People</th><th scope="col" class="num">Positive</th><th scope="col" class="num">Neutral</th><th scope="col" class="num">Negative</th><th scope="col" class="num">Asked</th><th scope="col" class="num">Answered</th><th scope="col" class="num">Median</th></tr></thead>
                  <tbody>{b.brands.map((x) => {
                    const href = view_of(x.mentions_url);
                    const of = (more: string, n: number) => (href ? <a href={`${href}${more}`}>{number(n)}</a> : number(n));
                    return (
                      <tr key={x.brand}><th scope="row">{x.own ? <b>{x.brand}</b> : x.brand}</th><td class="num">{of("", x.mentions)}</td><td class="num">{number(x.authors)}</td>
                        <td class="num">{of("&polarity=positive", x.positive)}</td><td class="num">{of("&polarity=neutral", x.neutral)}</td><td class="num">{of("&polarity=negative", x.negative)}</td>
                        <td class="num">{of("&contact=true", x.contacts)}</td><td class="num">{number(x.answered)}{x.contacts > 0 && <span class="faint"> ({percent(x.answered / x.contacts)})</span>}</td><td class="num">{x.median_s === null ? "–" : span(x.median_s)}</td></tr>
                    );
                  })}</tbody>
                </table>
              </div>
              {b.unknown.length > 0 && <p class="faint small">Not listened to: {b.unknown.join(", ")}.</p>}
              <Measured of="sentiment" />
            </Card>
          </>
        )}</Show>
    </>
  );
}
