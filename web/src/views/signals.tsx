// What people tell of buying, leaving and recommending.
import { path_of } from "../api";
import { useData, useNow } from "../data";
import { signals, type People } from "../findings";
import { capital, plural, words } from "../format";
import { Select } from "../parts/bits";
import { Post } from "../parts/post";
import { Empty, Show } from "../parts/states";
import { go } from "../route";
import { useScope } from "../scope";

const meaning: Record<(typeof signals)[number], string> = {
  referral: "Recommend you to others", purchase_intent: "Think of buying", churn_threat: "Threaten to leave",
  switched_from: "Came from a competitor", switched_to: "Left for a competitor", peer_answer: "Answered somebody’s question and were thanked",
};

export function SignalsView() {
  const { brand, since, until, route, here, link } = useScope();
  const now = useNow();
  const kind = (signals as readonly string[]).includes(route.query.kind ?? "") ? (route.query.kind as (typeof signals)[number]) : "churn_threat";
  const found = useData<People>(path_of("people", { kind, brand, since, until, limit: 100 }), ["findings"], true);
  return (
    <>
      <h1>{meaning[kind]}</h1>
      <div class="filters"><Select label="What" value={kind} options={signals.map((s) => [s, capital(words(s))] as const)} change={(v) => go(here({ kind: v }))} /></div>
      <Show of={found} lines={8}>{({ events }) => events.length === 0
        ? <Empty>Nobody in this period. A longer one may find some.</Empty>
        : (
          <>
            <p class="faint">{plural(events.length, "post")}, newest first.</p>
            <div class="posts">{events.map((e, i) => e.mention && (
              <Post key={`${e.mention.id}${i}`} mention={e.mention} now={now}>
                {(e.words || e.reason || e.about_mention || e.thanks_mention) && (
                  <p class="small facts">
                    {e.words && <span dir="auto">{kind.startsWith("switched") ? "named" : "said"} <q>{e.words}</q></span>}
                    {e.reason && <span dir="auto">because <q>{e.reason}</q></span>}
                    {e.about_mention && <a href={link("mention", e.about_mention)}>in reply to</a>}
                    {e.thanks_mention && <a href={link("mention", e.thanks_mention)}>the thanks</a>}
                  </p>
                )}
              </Post>
            ))}</div>
          </>
        )}</Show>
    </>
  );
}
