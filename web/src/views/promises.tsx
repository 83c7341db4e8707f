// What was promised to customers in public, when it is due, and whether it was kept.
import { path_of } from "../api";
import { useData, useNow } from "../data";
import { promise_states, type PromiseRow, type Promises } from "../findings";
import { capital, moment, number, percent, relative } from "../format";
import { Select } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { Step, useMentions } from "../parts/step";
import { go } from "../route";
import { useScope } from "../scope";

const tones = { open: "unscored", kept: "positive", late: "watch", missed: "negative" } as const;
const meaning = {
  open: "due, and not kept yet", kept: "answered in time", late: "answered after it was due", missed: "nothing was heard",
} as const;

function Row({ promise: p, now, settled }: { promise: PromiseRow; now: number; settled: ReturnType<typeof useMentions> }) {
  return (
    <li class="card">
      <p class="small">
        <span class={`tag ${tones[p.state]}`}>{p.state}</span> to <bdi>{p.to_author || "unknown"}</bdi>,{" "}
        <time dateTime={p.due_at} title={moment(p.due_at)}>{p.state === "open" ? `due ${relative(p.due_at, now)}` : `was due ${moment(p.due_at)}`}</time>
        {!p.named && <span class="faint"> (no time was named: 48 hours)</span>}
      </p>
      <p class="promise" dir="auto"><q>{p.words}</q></p>
      <div class="steps">
        <Step name="They wrote" mention={p.to} none="gone" />
        <Step name="We promised" mention={p.mention} none="gone" />
        {p.settled_mention && <Step name={`${capital(p.state)} with`} mention={settled.get(p.settled_mention)} none="not read any more" />}
      </div>
    </li>
  );
}

export function PromisesView() {
  const { brand, since, until, route, here } = useScope();
  const now = useNow();
  const state = route.query.state ?? "";
  const found = useData<Promises>(path_of("promises", { brand, since, until, state, limit: 60 }), ["findings"], true);
  const settled = useMentions((found.data?.promises ?? []).flatMap((p) => (p.settled_mention ? [p.settled_mention] : [])));
  return (
    <>
      <h1>Did we keep our word?</h1>
      <Show of={found} lines={8}>{({ promises, counts }) => {
        const ended = counts.kept + counts.late + counts.missed;
        return (
          <>
            <div class="figures four-up">{promise_states.map((s) => (
              <a key={s} class="figure" href={here({ state: s })} aria-current={state === s ? "true" : undefined}>
                <span class="figure-name">{capital(s)}</span><span class={`figure-value ${s === "missed" && counts[s] > 0 ? "bad-text" : ""}`}>{number(counts[s])}</span>
                <span class="faint small">{meaning[s]}{s === "kept" && ended > 0 && `, ${percent(counts.kept / ended)} of those due`}</span>
              </a>
            ))}</div>
            <div class="filters"><Select label="State" any="All" value={state} options={promise_states} change={(v) => go(here({ state: v }))} /></div>
            {promises.length === 0
              ? <Empty>None in this period. A sentence of your replies that commits you (“we’ll call you today”) is kept here with the time it is due.</Empty>
              : <ul class="rows">{promises.map((p) => <Row key={`${p.mention?.id}${p.words}`} promise={p} now={now} settled={settled} />)}</ul>}
            <p class="faint small">Kept: within the time the brand wrote to the same person in that thread again, or the person said that it is settled. What was kept in private cannot be seen here.</p>
          </>
        );
      }}</Show>
    </>
  );
}
