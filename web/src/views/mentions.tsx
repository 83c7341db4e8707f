// All mentions by filters that live in the address; one mention with why it was judged so.
import { useEffect, useMemo, useState } from "preact/hooks";
import { get, path_of, type ApiError } from "../api";
import { as_api_error, useData, useNow } from "../data";
import { capital, language, moment, plural, words } from "../format";
import { Card, Select } from "../parts/bits";
import { Post } from "../parts/post";
import { Empty, Problem, Show } from "../parts/states";
import { go } from "../route";
import { since_default, useScope } from "../scope";
import type { Misled } from "../findings";
import { intents, issue_types, type Idea, type Incident, type Mention, type MentionPage, type Overview, type Sources } from "../types";
import { useNewer } from "./overview_stream";
export { MentionView } from "./mention";

const page_size = 30;
const polarities = ["positive", "neutral", "negative", "unscored"] as const;

const filters = ["search", "polarity", "issue", "intent", "source", "lang", "product", "contact", "counted", "until"] as const;

/** What is chosen stays in its list, though the period holds none of it. */
const with_own = (names: string[], own: string | undefined) => (own && !names.includes(own) ? [...names, own] : names);

function Filters() {
  const { brand, route, here } = useScope();
  const q = route.query;
  const sources = useData<Sources>("sources");
  // The languages and products that occur; a filter that finds nothing is no help.
  const overview = useData<Overview>(path_of("overview", { brand, since: since_default }));
  const [text, set_text] = useState(q.search ?? "");
  useEffect(() => set_text(q.search ?? ""), [q.search]);
  useEffect(() => {
    if (text === (q.search ?? "")) return;
    const timer = setTimeout(() => go(here({ search: text }), true), 350);
    return () => clearTimeout(timer);
  }, [text]);
  const set = (key: string) => (value: string) => go(here({ [key]: value }));
  const names = (sources.data?.sources ?? []).map((s) => s.source);
  const languages = with_own((overview.data?.languages ?? []).map((l) => l.lang).filter(Boolean), q.lang);
  const products = with_own((overview.data?.products ?? []).map((p) => p.product), q.product);
  const active = filters.some((key) => q[key]);
  return (
    <form class="filters" role="search" onSubmit={(e) => { e.preventDefault(); go(here({ search: text })); }}>
      <label class="field grow"><span>Search</span>
        <input type="search" value={text} placeholder={'words, "a phrase"'} onInput={(e) => set_text(e.currentTarget.value)} />
      </label>
      <Select label="Polarity" any="All" value={q.polarity ?? ""} options={polarities} change={set("polarity")} />
      <Select label="Issue" any="All" value={q.issue ?? ""} options={issue_types} change={set("issue")} />
      <Select label="Intent" any="All" value={q.intent ?? ""} options={intents} change={set("intent")} />
      <Select label="Source" any="All" value={q.source ?? ""} options={names.map((n) => [n, n] as const)} change={set("source")} />
      {languages.length > 0 && <Select label="Language" any="All" value={q.lang ?? ""} options={languages.map((l) => [l, language(l)] as const)} change={set("lang")} />}
      {products.length > 0 && <Select label="Product" any="All" value={q.product ?? ""} options={products.map((p) => [p, p] as const)} change={set("product")} />}
      {active && <a class="button" href={here({ ...Object.fromEntries(filters.map((key) => [key, ""])), since: since_default })}>Clear</a>}
    </form>
  );
}

/** What is listed, in words. */
function Told() {
  const { since, until, route: { query: q } } = useScope();
  const days = /^(\d+)d$/.exec(since);
  const period = days && !until ? `the last ${days[1]} days` : `${/^\d+[dh]$/.test(since) ? since : moment(since)} to ${until ? moment(until) : "now"}`;
  const what = [q.polarity, q.issue && words(q.issue), q.intent && words(q.intent), q.source && `from ${q.source}`, q.lang && `in ${language(q.lang)}`, q.product && `about ${q.product}`, q.contact && "asking for an answer", q.search && `with ${q.search}`].filter(Boolean);
  return <p class="faint" dir="auto">{capital(`${what.length > 0 ? `${what.join(", ")}: ` : ""}${period}, newest first`)}</p>;
}

/** Pages read so far below the first one. */
function Older({ path, first, now }: { path: string; first: MentionPage; now: number }) {
  const [pages, set] = useState<MentionPage[]>([]);
  const [error, set_error] = useState<ApiError | null>(null);
  const [busy, set_busy] = useState(false);
  useEffect(() => { set([]); set_error(null); }, [path, first]);
  const next = (pages[pages.length - 1] ?? first).next;
  const more = async () => {
    set_busy(true);
    set_error(null);
    try {
      const page = await get<MentionPage>(`${path}&before=${encodeURIComponent(next ?? "")}`);
      set((old) => [...old, page]);
    } catch (problem) {
      set_error(as_api_error(problem));
    }
    set_busy(false);
  };
  return (
    <>
      {pages.flatMap((p) => p.mentions).map((m) => <Post key={m.id} mention={m} now={now} />)}
      {error && <Problem error={error} retry={() => void more()} />}
      {next && !error && <p><button type="button" disabled={busy} onClick={() => void more()}>{busy ? "Reading …" : "Older mentions"}</button></p>}
    </>
  );
}

/** The mentions behind an incident or an idea, by their ids. */
export function ByIds({ ids, brand }: { ids: string[]; brand: string }) {
  const now = useNow();
  const [count, set_count] = useState(page_size);
  const chunks = useMemo(() => {
    const out: string[][] = [];
    for (let i = 0; i < Math.min(count, ids.length); i += page_size) out.push(ids.slice(i, i + page_size));
    return out;
  }, [ids.join(), count]);
  return (
    <div class="posts">
      {chunks.map((chunk) => <Chunk key={chunk[0]} ids={chunk} brand={brand} now={now} />)}
      {count < ids.length && <p><button type="button" onClick={() => set_count(count + page_size)}>More of {plural(ids.length, "mention")}</button></p>}
    </div>
  );
}
function Chunk({ ids, brand, now }: { ids: string[]; brand: string; now: number }) {
  const page = useData<{ mentions: Mention[] }>(path_of("mentions", { ids: ids.join(), brand }));
  return <Show of={page} lines={4}>{({ mentions }) => <>{mentions.map((m) => <Post key={m.id} mention={m} now={now} />)}</>}</Show>;
}

const behind_paths = { incident: ["incidents", "an incident"], idea: ["ideas", "an idea"], misled: ["misled", "people who feel misled"] } as const;

/** #/mentions?incident=1, ?misled=2 and #/mentions?idea=3 list what those rest on. */
function Behind({ kind, id }: { kind: keyof typeof behind_paths; id: string }) {
  const { brand, link } = useScope();
  const found = useData<Incident | Idea | Misled>(`${behind_paths[kind][0]}/${id}`);
  return (
    <Show of={found}>{(f) => (
      <>
        <h1>Mentions of {behind_paths[kind][1]}</h1>
        <p class="faint"><a href={link(kind, id)} dir="auto">{words(f.title)}</a>, {plural(f.mention_ids.length, "mention")}</p>
        <ByIds ids={f.mention_ids} brand={f.brand ?? brand} />
      </>
    )}</Show>
  );
}

export function MentionsView() {
  const { brand, since, until, route: { query: q } } = useScope();
  const now = useNow();
  const path = path_of("mentions", {
    brand, since, until, source: q.source, polarity: q.polarity, issue: q.issue, intent: q.intent, lang: q.lang, product: q.product,
    contact: q.contact, counted: q.counted, search: q.search, limit: page_size,
  });
  const behind = q.incident ? "incident" : q.idea ? "idea" : q.misled ? "misled" : null;
  const ids = (q.ids ?? "").split(",").filter((id) => /^\d+$/.test(id));
  const page = useData<MentionPage>(behind || ids.length > 0 ? null : path);
  const newer = useNewer(path, page.data?.mentions[0]?.id);
  if (ids.length > 0) return <><h1>{plural(ids.length, "mention")}</h1><ByIds ids={ids} brand={brand} /></>;
  if (behind) return <Behind kind={behind} id={q[behind] ?? ""} />;
  return (
    <>
      <h1>Mentions</h1>
      <Filters />
      <Told />
      <div role="status">{newer > 0 && page.data && <button type="button" class="pill" onClick={page.reload}>Show {plural(newer, "new mention")}</button>}</div>
      <Card id="mentions" title="What was said" class="bare">
        <Show of={page} lines={8}>{(first) => first.mentions.length === 0
          ? <Empty>Nothing matches. A longer period or fewer filters may find more.</Empty>
          : <div class="posts">
              {first.mentions.map((m) => <Post key={m.id} mention={m} now={now} />)}
              <Older path={path} first={first} now={now} />
            </div>}
        </Show>
      </Card>
    </>
  );
}
