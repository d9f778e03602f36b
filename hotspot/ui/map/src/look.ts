// Colours of the quiet background, and what a mark looks like as MapLibre layers.
import type { ExpressionSpecification, LayerSpecification, Map as Drawn } from "maplibre-gl";
import { CANNOT_SAY, HIDDEN, type Coloured, type Contour, type Mark, type Outline } from "./marks";
import type { Layer } from "./shapes";

export interface Theme {
  dark: boolean;
  ground: string;
  land: string;
  water: string;
  green: string;
  building: string;
  road: string;
  path: string;
  strong: string;
  halo: string;
  pattern: string;
}

const LIGHT: Theme = {
  dark: false, ground: "#f2f1ee", land: "#f7f6f3", water: "#cfdfea", green: "#dbe8d3", building: "#dedad3",
  road: "#b9b4ab", path: "#a69f93", strong: "#16202b", halo: "#ffffff", pattern: "#6b7280",
};
const DARK: Theme = {
  dark: true, ground: "#161a20", land: "#1b2027", water: "#17303f", green: "#1f3226", building: "#2c323b",
  road: "#4c5461", path: "#5b6472", strong: "#f3f5f7", halo: "#10141a", pattern: "#a3abb8",
};

export function themeOf(host: HTMLElement): Theme {
  const probe = document.createElement("span");
  probe.style.color = "var(--st-background-color, #ffffff)";
  host.append(probe);
  const [red = 255, green = 255, blue = 255] = (getComputedStyle(probe).color.match(/[\d.]+/g) ?? []).map(Number);
  probe.remove();
  return 0.299 * red + 0.587 * green + 0.114 * blue < 128 ? DARK : LIGHT;
}

const INK = "#3b424d";
export const HATCHES = 3; // ways to hatch classes that each say in their own words that nothing can be said

/** Patterns of "cannot say" (hatched) and "hidden" (dotted), drawn here so that no picture is fetched. */
export function drawPatterns(map: Drawn, theme: Theme): void {
  const size = 16;
  const paint = (name: string, draw: (pen: CanvasRenderingContext2D) => void) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = size;
    const pen = canvas.getContext("2d")!;
    pen.strokeStyle = pen.fillStyle = theme.pattern;
    draw(pen);
    if (map.hasImage(name)) map.removeImage(name);
    map.addImage(name, pen.getImageData(0, 0, size, size), { pixelRatio: 2 });
  };
  const stripes = (pen: CanvasRenderingContext2D, falling: boolean, width: number) => {
    pen.lineWidth = width;
    for (const shift of [-size, 0, size]) {
      pen.beginPath();
      pen.moveTo(shift - 4, falling ? -4 : size + 4);
      pen.lineTo(shift + size + 4, falling ? size + 4 : -4);
      pen.stroke();
    }
  };
  paint("hatched", (pen) => stripes(pen, false, 2.2));
  const over = (pen: CanvasRenderingContext2D, ...falling: boolean[]) => {
    pen.strokeStyle = INK; // lies on the class's own grey, which is the same on a light and on a dark page
    for (const each of falling) stripes(pen, each, 1.6);
  };
  paint("hatch-0", (pen) => over(pen, false));
  paint("hatch-1", (pen) => over(pen, true));
  paint("hatch-2", (pen) => over(pen, false, true));
  paint("dotted", (pen) => {
    for (const [x, y] of [[4, 4], [12, 12]] as const) {
      pen.beginPath();
      pen.arc(x, y, 2.2, 0, 7);
      pen.fill();
    }
  });
}

type Spec = LayerSpecification & { source?: string };
const byZoom = (...stops: number[]): ExpressionSpecification =>
  ["interpolate", ["exponential", 1.6], ["zoom"], ...stops] as unknown as ExpressionSpecification;

function from(layer: Layer): { source: string; "source-layer"?: string } {
  return layer.archive ? { source: layer.name, "source-layer": layer.archive.sourceLayer } : { source: layer.name };
}

/** The quiet background: surfaces under the values, ways over them so that the reader knows where they are. */
export function ground(layers: Layer[], theme: Theme): { under: Spec[]; over: Spec[]; labels: Spec[] } {
  const under: Spec[] = [{ id: "ground", type: "background", paint: { "background-color": theme.ground } }];
  const over: Spec[] = [];
  const labels: Spec[] = [];
  for (const layer of layers) {
    const at = from(layer);
    const id = `base:${layer.name}`;
    const surface = (colour: string, extra: object = {}) =>
      under.push({ id, type: "fill", ...at, paint: { "fill-color": colour, ...extra } } as Spec);
    const way = (paint: object, minzoom = 0) =>
      over.push({ id, type: "line", ...at, minzoom, layout: { "line-cap": "round", "line-join": "round" }, paint } as Spec);
    if (layer.name === "land") surface(theme.land);
    else if (layer.name === "water") surface(theme.water);
    else if (layer.name === "green") surface(theme.green);
    else if (layer.name === "buildings") surface(theme.building, { "fill-opacity": byZoom(12, 0.4, 14, 1) });
    else if (layer.name === "roads") {
      way({ "line-color": theme.road, "line-width": byZoom(10, 0.5, 14, 1.6, 18, 9), "line-opacity": 0.75 });
      if (layer.names) labels.push(wayNames(layer, theme));
    } else if (layer.name === "paths")
      way({ "line-color": theme.path, "line-width": byZoom(12, 0.5, 16, 1.4), "line-dasharray": [2, 2] }, 13);
    else if (layer.name === "boundary")
      way({ "line-color": theme.strong, "line-width": 1.4, "line-dasharray": [4, 3], "line-opacity": 0.6 });
    else labels.push(placeNames(layer, theme));
  }
  return { under, over, labels };
}

const FONT = ["sans-serif"];

function wayNames(layer: Layer, theme: Theme): Spec {
  return {
    id: `names:${layer.name}`, type: "symbol", ...from(layer), minzoom: 14.5,
    layout: { "symbol-placement": "line", "text-field": ["get", "name"], "text-size": 11, "text-font": FONT },
    paint: { "text-color": theme.strong, "text-opacity": 0.75, "text-halo-color": theme.halo, "text-halo-width": 1.4 },
  } as Spec;
}

function placeNames(layer: Layer, theme: Theme): Spec {
  return {
    id: `names:${layer.name}`, type: "symbol", ...from(layer),
    layout: { "text-field": ["get", "name"], "text-size": 12, "text-font": FONT },
    paint: { "text-color": theme.strong, "text-opacity": 0.8, "text-halo-color": theme.halo, "text-halo-width": 1.5 },
  } as Spec;
}

const state = (mark: Mark): ExpressionSpecification => ["coalesce", ["feature-state", mark.id], -9];
const only = (mark: Mark, klass: number, opacity: number): ExpressionSpecification =>
  ["case", ["==", state(mark), klass], opacity, 0];
const NOTHING = "rgba(0,0,0,0)";

function colour(mark: Coloured): ExpressionSpecification | string {
  if (!mark.palette.length) return NOTHING;
  return ["match", state(mark), ...mark.palette.flatMap((hex, i) => [i, hex]), NOTHING] as any;
}

/** The layers of one mark, lowest first; the first one answers to the pointer. */
export function look(mark: Coloured | Outline | Contour, layer: Layer, theme: Theme, opacity: number): Spec[] {
  const at = from(layer);
  if (mark.kind === "outline") return outline(mark, at, theme);
  if (mark.kind === "contour") return contour(mark, at, theme);
  if (mark.kind === "fill") {
    const pattern = (name: string, klass: number) => ({
      id: `${mark.id}/${name}`, type: "fill", ...at,
      paint: { "fill-pattern": name, "fill-opacity": only(mark, klass, Math.max(opacity, 0.35)), "fill-antialias": false },
    });
    return [
      { id: mark.id, type: "fill", ...at,
        paint: { "fill-color": colour(mark), "fill-opacity": opacity, "fill-antialias": false } },
      ...mark.unsaid.map((klass, i) => pattern(`hatch-${i % HATCHES}`, klass)),
      pattern("hatched", CANNOT_SAY),
      pattern("dotted", HIDDEN),
    ] as Spec[];
  }
  if (mark.kind === "line") {
    const width = mark.width ?? 4;
    const layout = { "line-cap": "round", "line-join": "round" };
    const dashed = (name: string, klass: number, dash: number[]) => ({
      id: `${mark.id}/${name}`, type: "line", ...at,
      paint: { "line-color": theme.pattern, "line-width": width / 2, "line-dasharray": dash, "line-opacity": only(mark, klass, 1) },
    });
    const shown: ExpressionSpecification = ["case", [">=", state(mark), 0], 0.55, 0];
    const rim = { "line-color": theme.strong, "line-width": 0.8, "line-gap-width": width, "line-opacity": shown };
    return [
      { id: `${mark.id}/rim`, type: "line", ...at, layout, paint: rim },
      { id: mark.id, type: "line", ...at, layout, paint: { "line-color": colour(mark), "line-width": width, "line-opacity": opacity } },
      dashed("dashed", CANNOT_SAY, [2, 1.5]),
      dashed("dotted", HIDDEN, [0.5, 1.5]),
    ] as Spec[];
  }
  const shown: ExpressionSpecification = ["case", ["==", state(mark), -9], 0, 1];
  const hollow: ExpressionSpecification = ["case", ["<", state(mark), 0], theme.pattern, theme.halo];
  return [
    { id: mark.id, type: "circle", ...at,
      paint: {
        "circle-color": colour(mark), "circle-opacity": opacity, "circle-stroke-color": hollow, "circle-stroke-opacity": shown,
        "circle-radius": byZoom(11, (mark.radius ?? 4) / 2.5, 15, mark.radius ?? 4), "circle-stroke-width": byZoom(11, 0.4, 15, 1.2),
      } },
  ] as Spec[];
}

function outline(mark: Outline, at: { source: string }, theme: Theme): Spec[] {
  const line = { "line-color": mark.colour ?? theme.strong, "line-width": mark.width };
  const rim = { "line-color": theme.halo, "line-width": mark.width + 2, "line-opacity": 0.7 };
  const layout = { "line-join": "round" };
  return [
    { id: mark.id, type: "fill", ...at, paint: { "fill-color": NOTHING } },
    { id: `${mark.id}/rim`, type: "line", ...at, layout, paint: rim },
    { id: `${mark.id}/line`, type: "line", ...at, layout, paint: line },
  ] as Spec[];
}

/** A rim that stands out from any colour below, and on it the line, dashed or not. */
function contour(mark: Contour, at: { source: string }, theme: Theme): Spec[] {
  const layout = { "line-join": "round" };
  const line = (id: string, row: number, paint: object) =>
    ({ id: `${mark.id}/${id}/${row}`, type: "line", ...at, layout, filter: ["==", ["id"], row], paint }) as Spec;
  const dash = (row: number) => (mark.dashed[row] ? { "line-dasharray": [3, 2] } : {});
  return [
    ...mark.widths.map((width, row) => line("rim", row, { "line-color": theme.halo, "line-width": width + 2, "line-opacity": 0.75 })),
    ...mark.widths.map((width, row) => line("line", row, { "line-color": theme.strong, "line-width": width, ...dash(row) })),
  ];
}

export function outlineNames(mark: Outline, theme: Theme): Spec {
  return {
    id: `${mark.id}/names`, type: "symbol", source: `${mark.id}/names`,
    layout: { "text-field": ["get", "name"], "text-size": 13, "text-font": FONT, "text-padding": 4, "text-max-width": 9,
      "text-variable-anchor": ["bottom", "top", "left", "right"], "text-radial-offset": 1 },
    paint: { "text-color": theme.strong, "text-halo-color": theme.halo, "text-halo-width": 1.8 },
  } as Spec;
}

/** What emphasises the feature under the pointer and the one chosen. */
export function emphasis(mark: Coloured | Outline, layer: Layer, theme: Theme): Spec {
  const shown: ExpressionSpecification = [
    "case", ["boolean", ["feature-state", "chosen"], false], 1, ["boolean", ["feature-state", "near"], false], 0.6, 0,
  ];
  const at = { id: `${mark.id}/emphasis`, ...from(layer) };
  if (mark.kind === "points") {
    const ring = { "circle-radius": (mark.radius ?? 4) + 4, "circle-color": NOTHING, "circle-stroke-color": theme.strong,
      "circle-stroke-width": 2.5, "circle-stroke-opacity": shown };
    return { ...at, type: "circle", paint: ring } as Spec;
  }
  const beside = mark.kind === "line" ? { "line-gap-width": (mark.width ?? 4) + 1 } : {};
  const width = mark.kind === "outline" ? mark.width + 3 : 2.5;
  const line = { "line-color": theme.strong, "line-width": width, "line-opacity": shown, ...beside };
  return { ...at, type: "line", layout: { "line-join": "round" }, paint: line } as Spec;
}
