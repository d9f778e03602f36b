// The legend: HTML drawn from the view, so that it can be read out, enlarged and themed.
import { HATCHES } from "./look";
import { CANNOT_SAY, HIDDEN, classNames, type Coloured, type Contour, type Mark, type Outline, type Picture } from "./marks";
import type { Language, Words } from "./words";

export const NARROW = 540; // pixel; up to this width the legend starts closed, above it the map leaves it room

export interface Slider {
  value: (mark: Coloured | Picture) => number;
  moved: (mark: Coloured | Picture, opacity: number) => void;
}

export function drawLegend(box: HTMLElement, marks: Mark[], language: Language, words: Words, slider: Slider): void {
  const open = box.querySelector("details")?.open ?? (box.parentElement?.clientWidth ?? 0) > NARROW;
  const sections = marks.flatMap((mark) => section(mark, language, words, slider));
  box.replaceChildren();
  box.hidden = !sections.length;
  if (!sections.length) return;
  const details = element("details", "legend-box");
  details.open = open;
  const summary = element("summary", "legend-head");
  summary.textContent = words.legend;
  details.append(summary, ...sections);
  box.append(details);
}

function section(mark: Mark, language: Language, words: Words, slider: Slider): HTMLElement[] {
  if (mark.kind === "outline") return mark.title ? [outlineSection(mark)] : [];
  if (mark.kind === "contour") return contourSection(mark);
  if (!mark.palette.length) return [];
  const list = element("ul", "legend-classes");
  const names = classNames(mark, language, words);
  // Numbers run from the highest down, as on a printed map; named classes keep their order.
  const order = mark.breaks.length ? names.map((_, i) => names.length - 1 - i) : names.map((_, i) => i);
  const unsaid = mark.kind === "picture" ? [] : mark.unsaid;
  for (const i of order) {
    const hatch = unsaid.includes(i) ? ` unsaid hatch-${unsaid.indexOf(i) % HATCHES}` : "";
    list.append(entry(`${mark.kind}${hatch}`, names[i]!, mark.palette[i]!));
  }
  const striped = mark.kind === "picture" ? mark.cannotSay : mark.classes.includes(CANNOT_SAY);
  const dotted = mark.kind === "picture" ? mark.withheld : mark.classes.includes(HIDDEN);
  if (striped) list.append(entry(`${mark.kind} cannot-say`, words.cannotSay));
  if (dotted) list.append(entry(`${mark.kind} withheld`, words.hidden));
  const whole = element("section", "legend-section");
  whole.style.setProperty("--cover", String(slider.value(mark)));
  whole.append(heading(mark), list, opacity(mark, whole, words, slider));
  return [whole];
}

function heading(mark: Coloured | Picture): HTMLElement {
  const head = element("p", "legend-title");
  head.textContent = mark.title;
  if (mark.unit) {
    const unit = element("span", "legend-unit");
    unit.textContent = mark.unit;
    head.append(mark.title ? " " : "", unit);
  }
  return head;
}

function outlineSection(mark: Outline): HTMLElement {
  const whole = element("section", "legend-section");
  const list = element("ul", "legend-classes");
  const line = entry("outline", mark.title);
  if (mark.colour) (line.firstElementChild as HTMLElement).style.borderColor = mark.colour;
  list.append(line);
  whole.append(list);
  return whole;
}

function contourSection(mark: Contour): HTMLElement[] {
  const list = element("ul", "legend-classes");
  mark.labels.forEach((label, row) => {
    if (!label) return;
    const line = entry("contour", label);
    const style = mark.dashed[row] ? "dashed" : "solid";
    (line.firstElementChild as HTMLElement).style.borderTop = `${mark.widths[row]}px ${style} currentColor`;
    list.append(line);
  });
  if (!list.children.length) return [];
  const head = element("p", "legend-title");
  head.textContent = mark.title;
  const whole = element("section", "legend-section");
  whole.append(head, list);
  return [whole];
}

function entry(kind: string, name: string, colour?: string): HTMLElement {
  const item = element("li", "legend-class");
  const swatch = element("span", `swatch ${kind}`);
  if (colour) swatch.style.setProperty("--colour", colour);
  const text = element("span", "legend-name");
  text.textContent = name;
  item.append(swatch, text);
  return item;
}

function opacity(mark: Coloured | Picture, whole: HTMLElement, words: Words, slider: Slider): HTMLElement {
  const label = element("label", "legend-opacity");
  const input = element("input");
  Object.assign(input, { type: "range", min: "0", max: "100", step: "5" });
  input.value = String(Math.round(slider.value(mark) * 100));
  input.setAttribute("aria-label", [words.opacity, mark.title].filter(Boolean).join(": "));
  input.addEventListener("input", () => {
    whole.style.setProperty("--cover", String(Number(input.value) / 100));
    slider.moved(mark, Number(input.value) / 100);
  });
  label.append(words.opacity, input);
  return label;
}

export function element<K extends keyof HTMLElementTagNameMap>(tag: K, name = ""): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  if (name) made.className = name;
  return made;
}
