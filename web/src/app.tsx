// The shell: who is asked about, for how long, and which view answers.
import { useEffect, useRef, useState } from "preact/hooks";
import { on_notice, type Notice } from "./action";
import { on_unauthorized, post } from "./api";
import { forget, useData } from "./data";
import { connect, disconnect, is_connected, listen } from "./live";
import { Problem } from "./parts/states";
import { group_of, groups, Tabs } from "./parts/tabs";
import { href_of, periods, useRoute } from "./route";
import { ScopeContext, since_default, type Scope } from "./scope";
import { toggle_theme, useTheme } from "./theme";
import type { Brands, Session } from "./types";
import { BenchmarkView } from "./views/benchmark";
import { CampaignsView } from "./views/campaigns";
import { DriversView } from "./views/drivers";
import { FaqView } from "./views/faq";
import { IdeaView, IdeasView } from "./views/ideas";
import { IncidentView, IncidentsView } from "./views/incidents";
import { KpisView } from "./views/kpis";
import { Login } from "./views/login";
import { MentionView, MentionsView } from "./views/mentions";
import { MisledListView, MisledView } from "./views/misled";
import { MoversView } from "./views/movers";
import { MovesView } from "./views/moves";
import { OverviewView } from "./views/overview";
import { PeopleView } from "./views/people";
import { PraiseView } from "./views/praise";
import { PromisesView } from "./views/promises";
import { QueueView } from "./views/queue";
import { RepliesView } from "./views/replies";
import { ReportsView } from "./views/reports";
import { ReviewView } from "./views/review";
import { SignalsView } from "./views/signals";
import { SourcesView } from "./views/sources";
import { StoriesView } from "./views/stories";
import { UsualView } from "./views/usual";

function View({ view, id }: { view: string; id: string }) {
  switch (view) {
    case "overview": return <OverviewView />;
    case "mentions": return <MentionsView />;
    case "mention": return <MentionView />;
    case "incidents": return <IncidentsView />;
    case "incident": return <IncidentView />;
    case "queue": return <QueueView />;
    case "ideas": return <IdeasView />;
    case "idea": return <IdeaView />;
    case "praise": return <PraiseView />;
    case "promises": return <PromisesView />;
    case "replies": return <RepliesView />;
    case "movers": return <MoversView />;
    case "faq": return <FaqView />;
    case "misled": return id ? <MisledView /> : <MisledListView />;
    case "campaigns": return <CampaignsView />;
    case "people": return <PeopleView />;
    case "moves": return <MovesView />;
    case "signals": return <SignalsView />;
    case "stories": return <StoriesView />;
    case "drivers": return <DriversView />;
    case "benchmark": return <BenchmarkView />;
    case "usual": return <UsualView />;
    case "kpis": return <KpisView />;
    case "reports": return <ReportsView />;
    case "sources": return <SourcesView />;
    case "review": return <ReviewView />;
    default: return <p class="empty">There is no such page. <a href="#/overview">To the overview</a></p>;
  }
}

function Live() {
  const [live, set] = useState(is_connected());
  useEffect(() => listen(() => set(is_connected())), []);
  return <span class={`live ${live ? "on" : ""}`} role="status">{live ? "Live" : "Not live"}</span>;
}

function Head({ scope, session, leave, skip }: { scope: Scope; session: Session; leave: () => void; skip: () => void }) {
  const { route } = scope;
  const theme = useTheme();
  const here = group_of(route.view);
  const change = (query: Record<string, string>) => {
    // One thing belongs to one brand: another brand has the list.
    const view = route.id ? (here ?? "overview") : route.view;
    location.hash = href_of(view, "", { ...(view === route.view && !route.id ? route.query : {}), brand: scope.brand, since: scope.since, ...query });
  };
  const named = scope.since in periods && !scope.until;
  return (
    <header class="head">
      <button type="button" class="skip" onClick={skip}>Skip to the content</button>
      <div class="head-row">
        <a class="logo" href={href_of("overview", "", { brand: scope.brand, since: scope.since })}>Earshot</a>
        <label class="pick"><span class="unseen">Brand</span>
          <select value={scope.brand} onChange={(e) => change({ brand: e.currentTarget.value })}>
            {scope.brands.map((brand) => <option key={brand}>{brand}</option>)}
          </select>
        </label>
        <label class="pick"><span class="unseen">Period</span>
          <select value={named ? scope.since : ""} onChange={(e) => change({ since: e.currentTarget.value, until: "" })}>
            {!named && <option value="">own period</option>}
            {Object.entries(periods).map(([name, text]) => <option key={name} value={name}>{text}</option>)}
          </select>
        </label>
        <span class="spring" />
        <Live />
        <button type="button" class="quiet" onClick={toggle_theme}>{theme === "dark" ? "Light" : "Dark"}</button>
        {session.tokens_needed && <button type="button" class="quiet" onClick={leave}>Sign out</button>}
      </div>
      <nav aria-label="Views">
        <ul>
          {groups.map(([name, text]) => (
            <li key={name}>
              <a href={href_of(name, "", { brand: scope.brand, since: named ? scope.since : since_default })} aria-current={here === name ? "page" : undefined}>{text}</a>
            </li>
          ))}
        </ul>
      </nav>
    </header>
  );
}

function Notices() {
  const [notice, set] = useState<Notice | null>(null);
  useEffect(() => on_notice(set), []);
  useEffect(() => {
    if (!notice || notice.bad) return;
    const timer = setTimeout(() => set(null), 12_000);
    return () => clearTimeout(timer);
  }, [notice]);
  return (
    <div class="notices" role="status">
      {notice && (
        <div class={`notice ${notice.bad ? "bad" : ""}`}>
          <span>{notice.text}</span>
          {notice.undo && <button type="button" onClick={() => { set(null); notice.undo?.(); }}>Undo</button>}
          <button type="button" aria-label="Close this message" onClick={() => set(null)}>×</button>
        </div>
      )}
    </div>
  );
}

function Inside({ session, leave }: { session: Session; leave: () => void }) {
  const route = useRoute();
  const brands = useData<Brands>("brands", ["findings"]);
  const main = useRef<HTMLElement>(null);
  const place = `${route.view}/${route.id}`;
  const before = useRef(place);
  useEffect(() => { connect(); return disconnect; }, []);
  useEffect(() => {
    const name = groups.find(([view]) => view === group_of(route.view))?.[1] ?? "Earshot";
    document.title = `${name} · Earshot`;
    // A new page begins at its top, for eyes and for screen readers.
    if (before.current !== place) {
      before.current = place;
      scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [place]);

  const names = brands.data?.brands ?? [];
  const scope: Scope = {
    brand: route.query.brand ?? brands.data?.default ?? names[0] ?? "",
    brands: route.query.brand && !names.includes(route.query.brand) ? [...names, route.query.brand] : names,
    since: route.query.since ?? since_default, until: route.query.until ?? "", route,
    may_act: !session.tokens_needed || session.scopes.includes("act"),
  };
  return (
    <ScopeContext.Provider value={scope}>
      <Head scope={scope} session={session} leave={leave} skip={() => main.current?.focus()} />
      <main class="page" ref={main} tabIndex={-1} data-address={route.address}>
        {brands.error && !brands.data && <Problem error={brands.error} retry={brands.reload} />}
        {brands.data && !scope.brand && <p class="empty">No brand is configured yet. Add a [[brand]] to the configuration; its numbers appear after the first poll.</p>}
        {scope.brand && <Tabs />}
        {scope.brand && <View key={`${scope.brand} ${place}`} view={route.view} id={route.id} />}
      </main>
      <footer class="foot">
        <span>Earshot {session.version}</span> <span>All times are UTC</span> <a href="licenses.txt">Licences</a>
      </footer>
      <Notices />
    </ScopeContext.Provider>
  );
}

export function App() {
  const session = useData<Session>("session");
  const [outside, set_outside] = useState(false);
  useEffect(() => on_unauthorized(() => set_outside(true)), []);
  const enter = () => { forget(); set_outside(false); session.reload(); };
  const leave = () => { void post("session/end", {}).catch(() => undefined).then(() => { forget(); set_outside(true); }); };

  if (!session.data) {
    return (
      <>
        <div class="head"><div class="head-row"><span class="logo">Earshot</span></div></div>
        <main class="page">{session.error && <Problem error={session.error} retry={session.reload} />}</main>
      </>
    );
  }
  if (session.data.tokens_needed && (outside || session.data.scopes.length === 0)) return <Login enter={enter} />;
  return <Inside session={session.data} leave={leave} />;
}

