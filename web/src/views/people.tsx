// Who people are and where they stand, each with the posts that show it.
import { path_of } from "../api";
import { useData, useNow } from "../data";
import { roles, stances, type People, type Person } from "../findings";
import { big, capital, number, plural, relative, span, words } from "../format";
import { Select } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { Step, useMentions } from "../parts/step";
import { go } from "../route";
import { useScope } from "../scope";
import type { Mention } from "../types";

const meaning: Record<string, string> = {
  advocate: "praised or recommended three times within twelve weeks, without a complaint since",
  defender: "took your part under somebody else’s unhappy post",
  neutral: "were heard without an opinion", raver: "their last opinion was praise", ranter: "their last opinion was unhappy",
  customer: "say that they are customers", staff: "say that they work for you", press: "write articles",
  bot: "named a bot, or write the same again and again", affiliate: "hand out codes and links",
  community: "were thanked for an answer to somebody’s question",
};
/** Who they are, as a heading. */
const title_of = (kind: string) => (["staff", "press", "community", "neutral"].includes(kind) ? capital(kind) : `${capital(kind)}s`);
const tone = (stance: string) => (stance === "ranter" ? "negative" : stance === "unknown" || stance === "neutral" ? "unscored" : "positive");

function Card({ person: p, known, now }: { person: Person; known: Map<string, Mention>; now: number }) {
  const { link } = useScope();
  const shown = [...new Set([...p.evidence, ...p.roles.map((r) => r.mention), p.last_mention])];
  return (
    <li class="card">
      <p class="facts">
        <bdi class="author">{p.author || "unknown"}</bdi>
        <span class={`tag ${tone(p.stance)}`}>{p.stance}</span>
        {p.stance_at && <span class="faint small">for {span((now - Date.parse(p.stance_at)) / 1000)}</span>}
        {p.roles.map((r) => <a key={r.role} class="chip soft" href={link("mention", r.mention)} title={words(r.reason)}>{r.role}<span class="unseen">: {words(r.reason)}</span></a>)}
      </p>
      <p class="facts small">
        <a href={link("mentions", "", { ids: shown.join() })}><b>{number(p.mentions)}</b> {p.mentions === 1 ? "mention" : "mentions"}</a>
        {p.praises > 0 && <span><b>{number(p.praises)}</b> praising</span>}{p.defences > 0 && <span><b>{number(p.defences)}</b> defending</span>}
        {p.referrals > 0 && <span><b>{number(p.referrals)}</b> recommending</span>}<span><b>{big(p.reach)}</b> followers</span>
        <a href={link("mention", p.last_mention)} class="faint">last {relative(p.last_at, now)}</a>
      </p>
      {p.evidence.length > 0 && (
        <div class="steps">{p.evidence.slice(-2).map((id, i, all) => (
          <Step key={id} name={all.length === 2 && i === 0 ? "Before" : `Why ${p.stance}`} mention={known.get(id)} none="no longer there" />
        ))}</div>
      )}
    </li>
  );
}

export function PeopleView() {
  const { brand, route, here } = useScope();
  const now = useNow();
  const kind = route.query.kind ?? "defender";
  const found = useData<People>(path_of("people", { kind, brand, limit: 50 }), ["findings"], true);
  const known = useMentions((found.data?.people ?? []).flatMap((p) => p.evidence));
  const kinds = [...(kind === "neutral" ? ["neutral"] : []), ...stances, ...roles].map((k) => [k, capital(k)] as const);
  return (
    <>
      <h1>{title_of(kind)}</h1>
      <div class="filters"><Select label="Who" value={kind} options={kinds} change={(v) => go(here({ kind: v }))} /></div>
      <Show of={found} lines={8}>{({ people }) => people.length === 0
        ? <Empty>None. {title_of(kind)}: {meaning[kind] ?? ""}.</Empty>
        : (
          <>
            <p class="faint">{people.length >= 50 ? "The 50 whose word carries farthest" : plural(people.length, "person", "people")}: {meaning[kind]}.</p>
            <ul class="people">{people.map((p) => <Card key={`${p.author}${p.last_mention}`} person={p} known={known} now={now} />)}</ul>
          </>
        )}</Show>
    </>
  );
}
