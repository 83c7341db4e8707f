// How far to trust what a chart shows: measured on people's labels, or not at all yet.
import { path_of } from "../api";
import { useData } from "../data";
import type { Accuracy } from "../findings";
import { estimate, plural } from "../format";
import { useScope } from "../scope";

/** Said beside every chart of sentiment or of issue types. */
export function Measured({ of }: { of: "sentiment" | "issues" }) {
  const { brand, link } = useScope();
  const found = useData<Accuracy>(path_of("accuracy", { brand }), ["acted"]);
  const a = found.data;
  if (!a) return null;
  const what = of === "sentiment" ? "Sentiment" : "Issue types";
  const labels = of === "sentiment" ? a.labels : (a.issues?.labels ?? 0);
  if (labels === 0) {
    return <p class="measured small faint">{what}: not measured yet. <a href={link("review")}>Review 20 posts</a> to know how far to trust this.</p>;
  }
  const negative = a.polarities.find((p) => p.polarity === "negative");
  const parts = of === "sentiment"
    ? [`right in ${estimate(a.agreement)}`, negative?.precision && `“negative” is right in ${estimate(negative.precision)}`, negative?.recall && `finds ${estimate(negative.recall)} of it`]
    : [a.issues?.precision && `right in ${estimate(a.issues.precision)}`, a.issues?.recall && `finds ${estimate(a.issues.recall)}`];
  return (
    <p class="measured small faint" title="95 % intervals, of all mentions. Labels of posts that the review drew by chance stand for all.">
      {what}, measured on <a href={link("review")}>{plural(labels, "label")}</a>: {parts.filter(Boolean).join(", ")}.
    </p>
  );
}
