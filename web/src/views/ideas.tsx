// The board of ideas: questions many people ask, from new to published.
import { useState } from "preact/hooks";
import { act } from "../action";
import { path_of, post } from "../api";
import { useData } from "../data";
import { capital, number, percent, plural } from "../format";
import { Columns } from "../parts/bits";
import { Empty, Show } from "../parts/states";
import { useScope } from "../scope";
import { idea_states, type Idea, type IdeaState } from "../types";
import { effect_tone } from "./movers";
export { IdeaView } from "./idea";

export function trend_text(trend: number): string {
  if (Math.abs(trend) < 0.05) return "steady";
  return trend > 0 ? `rising ${percent(trend)}` : `falling ${percent(-trend)}`;
}

function IdeaCard({ idea, move }: { idea: Idea; move: (idea: Idea, state: IdeaState) => void }) {
  const { link, may_act } = useScope();
  const weeks = idea.details.per_week ?? [];
  return (
    <li class="idea">
      <h3><a href={link("idea", idea.id)} dir="auto">{idea.title}</a></h3>
      <p class="small faint">
        <a href={link("mentions", "", { idea: idea.id })}>{plural(idea.askers, "person", "people")}</a>, {number(idea.unanswered)} without an answer, {trend_text(idea.trend)}
      </p>
      {weeks.length > 0 && <Columns values={weeks} label={`Questions per week, oldest first: ${weeks.join(", ")}`} />}
      <p class="idea-foot small">
        <select aria-label={`State of: ${idea.title}`} value={idea.state} disabled={!may_act} onChange={(e) => move(idea, e.currentTarget.value as IdeaState)}>
          {idea_states.map((s) => <option key={s} value={s}>{capital(s)}</option>)}
        </select>
        {idea.owner && <bdi class="faint">{idea.owner}</bdi>}
        {idea.effect && <span class={`tag ${effect_tone(idea.effect.verdict)}`} title={idea.effect.sentence}>{idea.effect.verdict}</span>}
        {idea.move?.direction && <span class={`tag ${idea.move.direction === "rising" ? "watch" : "positive"}`}>{idea.move.direction}</span>}
        {idea.due && <span class="faint">due {idea.due.slice(0, 10)}</span>}
      </p>
    </li>
  );
}

const empty_text: Record<IdeaState, string> = {
  new: "Three people who ask the same make an idea.", accepted: "What will be written goes here.", writing: "What is being written.",
  published: "What is out; its questions should fall.", rejected: "What nobody will write.",
};

/** More than these in one state are folded: the best are first, and a board is for looking over. */
const lane_max = 8;

function Lane({ state, ideas, move }: { state: IdeaState; ideas: Idea[]; move: (idea: Idea, state: IdeaState) => void }) {
  const [all, set_all] = useState(false);
  const shown = all ? ideas : ideas.slice(0, lane_max);
  return (
    <section class="lane" aria-labelledby={`lane-${state}`}>
      <h2 id={`lane-${state}`}>{capital(state)} <span class="faint">{ideas.length}</span></h2>
      {ideas.length === 0 ? <Empty>{empty_text[state]}</Empty> : <ul>{shown.map((i) => <IdeaCard key={i.id} idea={i} move={move} />)}</ul>}
      {ideas.length > lane_max && (
        <button type="button" aria-expanded={all} onClick={() => set_all(!all)}>{all ? "Show the best" : `Show all ${ideas.length}`}</button>
      )}
    </section>
  );
}

export function IdeasView() {
  const { brand } = useScope();
  const found = useData<{ ideas: Idea[] }>(path_of("ideas", { brand, limit: 100 }), ["findings", "acted"]);
  const send = (idea: Idea, state: IdeaState) => post(`ideas/${idea.id}`, { state });
  const move = (idea: Idea, state: IdeaState) => {
    const undo = () => void act(() => send(idea, idea.state), `Back to ${idea.state}.`).then(found.reload);
    void act(() => send(idea, state), `Moved to ${state}.`, undo).then(found.reload);
  };
  return (
    <>
      <h1>Ideas</h1>
      <p class="faint">Questions customers ask again and again, best first: many people, many wordings, rising, unanswered.</p>
      <Show of={found} lines={8}>{({ ideas }) => (
        <div class="board">{idea_states.map((state) => <Lane key={state} state={state} ideas={ideas.filter((i) => i.state === state)} move={move} />)}</div>
      )}</Show>
    </>
  );
}
