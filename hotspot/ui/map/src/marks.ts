// The marks of a view, with their values unpacked and sorted into classes.
import type { Parcel } from "./wire";
import { fill, number, type Language, type Words } from "./words";

export const CANNOT_SAY = -1;
export const HIDDEN = -2;

export interface Legend {
  palette: string[];
  breaks: number[];
  labels: string[] | null;
  title: string;
  unit: string;
  decimals: number;
  opacity: number;
}

export interface Coloured extends Legend {
  kind: "fill" | "line" | "points";
  id: string;
  layer: string;
  pick: boolean;
  unsaid: number[];
  width?: number;
  radius?: number;
  values: Float32Array;
  lower: Float32Array | null;
  upper: Float32Array | null;
  classes: Int8Array;
}

export interface Picture extends Legend {
  kind: "picture";
  id: string;
  png: Uint8Array;
  cannotSay: boolean;
  withheld: boolean;
  corners: [[number, number], [number, number], [number, number], [number, number]];
}

export interface Outline {
  kind: "outline";
  id: string;
  layer: string;
  title: string;
  colour: string | null;
  width: number;
  pick: boolean;
  labels: (string | null)[] | null;
  anchors: Float64Array | null;
}

/** Lines over what is coloured: the row in its layer says which label, width and dash are its own. */
export interface Contour {
  kind: "contour";
  id: string;
  layer: string;
  title: string;
  labels: (string | null)[];
  widths: number[];
  dashed: boolean[];
  pick: false;
}

export type Mark = Coloured | Picture | Outline | Contour;
const COLOURED = ["fill", "line", "points"];
export const isColoured = (mark: Mark): mark is Coloured => COLOURED.includes(mark.kind);

export function marksOf(parcel: Parcel): Mark[] {
  const seen = new Map<string, number>();
  return parcel.header.marks.map((told: any) => {
    const name = `${told.kind}:${told.layer ?? "surface"}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    const id = count === 1 ? name : `${name}#${count}`;
    const read = (part: string) => (told[part] ? parcel.array(told[part]) : null);
    if (told.kind === "picture") return { ...told, id, png: read("png") };
    if (told.kind === "outline") return { ...told, id, anchors: read("anchors") };
    if (told.kind === "contour") return { ...told, id };
    const values = read("values") as Float32Array;
    const classes = classed(values, read("hidden") as Uint8Array | null, told);
    return { ...told, id, values, lower: read("lower"), upper: read("upper"), classes };
  });
}

function classed(values: Float32Array, hidden: Uint8Array | null, legend: Legend): Int8Array {
  const limits = Float32Array.from(legend.breaks);
  return Int8Array.from(values, (value, row) => {
    if (hidden && (hidden[row >> 3]! >> (row & 7)) & 1) return HIDDEN;
    if (Number.isNaN(value)) return CANNOT_SAY;
    if (!limits.length) return value;
    let above = 0;
    while (above < limits.length && value >= limits[above]!) above++;
    return above;
  });
}

/** The classes in words, lowest first. Whole numbers read "5–9", others "5,0–10,0". */
export function classNames(legend: Legend, language: Language, words: Words): string[] {
  if (legend.labels) return legend.labels;
  const write = number(language, legend.decimals);
  const whole = legend.decimals === 0 && legend.breaks.every(Number.isInteger);
  const { breaks } = legend;
  return legend.palette.map((_, i) => {
    if (i === 0) return fill(words.under, { n: write(breaks[0]!) });
    if (i === breaks.length) return fill(words.over, { n: write(breaks[i - 1]!) });
    const [from, to] = [breaks[i - 1]!, whole ? breaks[i]! - 1 : breaks[i]!];
    return from === to ? write(from) : fill(words.between, { a: write(from), b: write(to) });
  });
}

/** What a feature's value says, with its unit and interval. */
export function reading(mark: Coloured, row: number, language: Language, words: Words): string {
  const klass = mark.classes[row];
  if (klass === undefined) return "";
  if (klass === HIDDEN) return words.hidden;
  if (klass === CANNOT_SAY) return words.cannotSay;
  if (!mark.breaks.length) return mark.labels?.[klass] ?? "";
  const write = number(language, mark.decimals);
  const value = [write(mark.values[row]!), mark.unit].filter(Boolean).join(" ");
  const [lower, upper] = [mark.lower?.[row] ?? NaN, mark.upper?.[row] ?? NaN];
  return Number.isNaN(lower) || Number.isNaN(upper) ? value : `${value} (${write(lower)}–${write(upper)})`;
}
