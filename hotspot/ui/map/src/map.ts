// One map on one page: kept across reruns, told what to show, and answering which feature was chosen.
import * as maplibre from "maplibre-gl";
import type { GeoJSONSource, ImageSource, LayerSpecification, MapGeoJSONFeature } from "maplibre-gl";
import { NARROW, element, drawLegend } from "./legend";
import { drawPatterns, emphasis, ground, look, outlineNames, themeOf, type Theme } from "./look";
import { isColoured, marksOf, reading, type Coloured, type Mark, type Outline, type Picture } from "./marks";
import { shapesNamed, type Layer } from "./shapes";
import type { Parcel } from "./wire";
import { CONTROLS, WORDS, type Language } from "./words";

export interface Choice {
  geometry: string;
  layer: string;
  row: number;
  lon: number;
  lat: number;
}

type Box = [number, number, number, number];
interface Camera {
  center: [number, number];
  zoom: number;
  bounds: string;
  fitted: boolean;
}

const cameras = new Map<string, Camera>(); // where each map of this page was left, by its key
const picked = (mark: Mark): mark is Coloured | Outline => mark.kind !== "picture" && mark.pick;

export class HotspotMap {
  readonly #host: HTMLElement;
  readonly #frame = element("div", "map-frame");
  #classed = false;
  readonly #legend = element("div", "map-legend");
  readonly #tip = element("div", "map-tip");
  readonly #alt = element("p", "unseen");
  readonly #said = element("p", "unseen");
  readonly #choose: (choice: Choice | null) => void;
  #map: maplibre.Map | null = null;
  #loaded: Promise<void> | null = null;
  #language: Language | null = null;
  #theme: Theme;
  #header: any = {};
  #marks: Mark[] = [];
  #layers = new Map<string, Layer>();
  #shown = new Map<string, string>(); // source -> name of the shapes it shows
  #classes = new Map<string, Int8Array>(); // mark -> classes the map has been told
  #pictures = new Map<string, string>(); // mark -> object URL
  #opacity = new Map<string, { told: number; set: number }>();
  #chosen: { layer: string; row: number } | null = null;
  #near: { layer: string; row: number } | null = null;
  #camera: string | null = null;
  #focus = "null";
  #fitted = true; // until the reader moves the map, all of the place stays in sight whatever the map's size

  constructor(host: HTMLElement, choose: (choice: Choice | null) => void) {
    this.#host = host;
    this.#choose = choose;
    this.#theme = themeOf(host);
    this.#alt.id = "map-alt";
    this.#said.setAttribute("role", "status");
    this.#tip.hidden = true;
    this.#tip.setAttribute("aria-hidden", "true");
    host.replaceChildren(this.#frame, this.#legend, this.#tip, this.#alt, this.#said);
  }

  /** Whether this browser can draw the map at all. */
  static possible(): boolean {
    try {
      return document.createElement("canvas").getContext("webgl2") !== null;
    } catch {
      return false;
    }
  }

  async show(parcel: Parcel, current: () => boolean): Promise<void> {
    const header = parcel.header;
    const names = [...new Set(Object.values(header.geometry) as string[])];
    const received = await Promise.all(names.map(shapesNamed));
    if (!current()) return;
    const layers = new Map(received.flatMap((shapes) => [...shapes.layers]));
    this.#classed = (header.marks as { kind: string }[]).some((mark) => mark.kind !== "outline");
    await this.#ready(header);
    if (!current()) return;
    this.#header = header;
    this.#layers = layers;
    this.#marks = marksOf(parcel);
    this.#draw();
    this.#say();
    this.#move();
  }

  /** Colours of the page have changed between light and dark. */
  retheme(): void {
    const theme = themeOf(this.#host);
    if (theme.dark === this.#theme.dark) return;
    this.#theme = theme;
    this.#host.classList.toggle("dark", theme.dark);
    if (!this.#map || !this.#header.geometry) return;
    drawPatterns(this.#map, theme);
    this.#draw();
  }

  remove(): void {
    this.#map?.remove();
    for (const url of this.#pictures.values()) URL.revokeObjectURL(url);
    this.#map = null;
  }

  get #words() {
    return WORDS[this.#language ?? "en"];
  }

  /** Make the map once; again only when the language of its controls changes. */
  async #ready(header: any): Promise<void> {
    this.#host.style.height = `${header.height}px`;
    this.#host.classList.toggle("dark", this.#theme.dark);
    if (!this.#map || this.#language !== header.language) {
      if (this.#map) this.#forget();
      this.#language = header.language as Language;
      this.#loaded = this.#make(header);
    }
    await this.#loaded;
  }

  async #make(header: any): Promise<void> {
    await visible(this.#host);
    const kept = cameras.get(header.key);
    const bounds = JSON.stringify(header.bounds);
    this.#fitted = !kept || kept.bounds !== bounds || kept.fitted;
    const where = this.#fitted ? this.#frameOf(header.bounds) : { center: kept!.center, zoom: kept!.zoom };
    const map = new maplibre.Map({
      container: this.#frame,
      style: { version: 8, sources: {}, layers: [] },
      locale: CONTROLS[header.language as Language],
      attributionControl: false,
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      maxZoom: 19,
      fadeDuration: 0,
      ...where,
    });
    this.#map = map;
    this.#camera = bounds;
    map.touchZoomRotate.disableRotation();
    map.keyboard.disableRotation();
    map.addControl(new maplibre.NavigationControl({ showCompass: false }), "top-right");
    map.addControl(new maplibre.FullscreenControl({ container: this.#host }), "top-right");
    map.addControl(new maplibre.ScaleControl({ unit: "metric", maxWidth: 120 }), "bottom-left");
    this.#listen(map);
    await new Promise<void>((resolve) => map.once("load", () => resolve()));
    drawPatterns(map, this.#theme);
  }

  #frameOf(bounds: Box | null): object {
    return bounds ? { bounds, fitBoundsOptions: { padding: this.#padding() } } : { center: [10.5, 56], zoom: 6 };
  }

  /** Room round what is shown, with the legend's on a wide map if it lists classes. */
  #padding(room = 16): maplibre.PaddingOptions {
    const beside = this.#classed && this.#host.clientWidth > NARROW;
    return { top: room, bottom: room, right: room, left: beside ? room + 250 : room };
  }

  #forget(): void {
    this.#map?.remove();
    this.#map = null;
    this.#shown.clear();
    this.#classes.clear();
    for (const url of this.#pictures.values()) URL.revokeObjectURL(url);
    this.#pictures.clear();
    this.#chosen = this.#near = null;
    this.#frame.replaceChildren();
  }

  #draw(): void {
    const map = this.#map!;
    this.#sources(map);
    const wanted = this.#wanted();
    this.#reconcile(map, wanted);
    for (const mark of this.#marks) if (isColoured(mark)) this.#colour(map, mark);
    this.#emphasise("chosen", this.#header.selected ?? this.#chosen);
    drawLegend(this.#legend, this.#marks, this.#language!, this.#words, {
      value: (mark) => this.#opacityOf(mark),
      moved: (mark, set) => {
        this.#opacity.set(mark.id, { told: mark.opacity, set });
        this.#reconcile(map, this.#wanted());
      },
    });
  }

  /** A reader's own choice of opacity stays until the app asks for another. */
  #opacityOf(mark: Coloured | Picture): number {
    const own = this.#opacity.get(mark.id);
    return own && own.told === mark.opacity ? own.set : mark.opacity;
  }

  #sources(map: maplibre.Map): void {
    for (const [name, layer] of this.#layers) {
      const version = this.#header.geometry[name] as string;
      if (this.#shown.get(name) === version) continue;
      const source = map.getSource(name);
      if (layer.archive) {
        if (source) this.#drop(map, name);
        map.addSource(name, { type: "vector", url: layer.archive.url, promoteId: "row" });
      } else if (source && source.type === "geojson") {
        map.removeFeatureState({ source: name });
        (source as GeoJSONSource).setData(layer.geojson!);
      } else {
        if (source) this.#drop(map, name);
        map.addSource(name, { type: "geojson", data: layer.geojson!, tolerance: 0.2, buffer: 64 });
      }
      this.#shown.set(name, version);
      if (this.#chosen?.layer === name) this.#chosen = null;
      if (this.#near?.layer === name) this.#near = null;
      for (const id of this.#classes.keys()) if (id.split("#")[0]!.endsWith(`:${name}`)) this.#classes.delete(id);
    }
    for (const mark of this.#marks) {
      if (mark.kind === "picture") this.#picture(map, mark);
      if (mark.kind === "outline" && mark.labels) this.#names(map, mark);
    }
  }

  #drop(map: maplibre.Map, source: string): void {
    for (const layer of map.getStyle().layers) if ("source" in layer && layer.source === source) map.removeLayer(layer.id);
    map.removeSource(source);
  }

  #picture(map: maplibre.Map, mark: Picture): void {
    const before = this.#pictures.get(mark.id);
    const url = URL.createObjectURL(new Blob([mark.png as BlobPart], { type: "image/png" }));
    const source = map.getSource(mark.id) as ImageSource | undefined;
    if (source) source.updateImage({ url, coordinates: mark.corners });
    else map.addSource(mark.id, { type: "image", url, coordinates: mark.corners });
    this.#pictures.set(mark.id, url);
    if (before) setTimeout(() => URL.revokeObjectURL(before), 10_000);
  }

  #names(map: maplibre.Map, mark: Outline): void {
    const features = mark.labels!.flatMap((name, row): GeoJSON.Feature[] => {
      const coordinates = [mark.anchors![2 * row]!, mark.anchors![2 * row + 1]!];
      return name ? [{ type: "Feature", properties: { name }, geometry: { type: "Point", coordinates } }] : [];
    });
    const data: GeoJSON.FeatureCollection = { type: "FeatureCollection", features };
    const source = map.getSource(`${mark.id}/names`) as GeoJSONSource | undefined;
    if (source) source.setData(data);
    else map.addSource(`${mark.id}/names`, { type: "geojson", data });
  }

  /** Every layer that should be there, lowest first. */
  #wanted(): LayerSpecification[] {
    const base = (this.#header.base as string[]).map((name) => this.#layers.get(name)!);
    const { under, over, labels } = ground(base, this.#theme);
    const wanted: LayerSpecification[] = [...under];
    const surfaces = this.#marks.filter((mark) => mark.kind === "fill" || mark.kind === "picture");
    const others = this.#marks.filter((mark) => mark.kind !== "fill" && mark.kind !== "picture");
    for (const mark of surfaces) wanted.push(...this.#looks(mark));
    wanted.push(...over);
    for (const mark of others) wanted.push(...this.#looks(mark));
    for (const mark of this.#marks) {
      if (picked(mark)) wanted.push(emphasis(mark, this.#layers.get(mark.layer)!, this.#theme));
    }
    wanted.push(...labels);
    for (const mark of this.#marks) if (mark.kind === "outline" && mark.labels) wanted.push(outlineNames(mark, this.#theme));
    return wanted;
  }

  #looks(mark: Mark): LayerSpecification[] {
    if (mark.kind !== "picture") {
      const opacity = isColoured(mark) ? this.#opacityOf(mark) : 1;
      return look(mark, this.#layers.get(mark.layer)!, this.#theme, opacity);
    }
    const paint = { "raster-opacity": this.#opacityOf(mark), "raster-fade-duration": 0, "raster-resampling": "nearest" };
    return [{ id: mark.id, type: "raster", source: mark.id, paint } as LayerSpecification];
  }

  /** Bring the map's layers to those wanted: what is the same stays untouched. */
  #reconcile(map: maplibre.Map, wanted: LayerSpecification[]): void {
    const ids = new Set(wanted.map((layer) => layer.id));
    for (const id of map.getLayersOrder()) if (!ids.has(id)) map.removeLayer(id);
    let above: string | undefined;
    for (const layer of [...wanted].reverse()) {
      if (!map.getLayer(layer.id)) map.addLayer(layer, above);
      else {
        for (const [name, value] of Object.entries(layer.paint ?? {})) {
          if (JSON.stringify(map.getPaintProperty(layer.id, name as any)) !== JSON.stringify(value))
            map.setPaintProperty(layer.id, name as any, value as any);
        }
        const order = map.getLayersOrder();
        if (order[order.indexOf(layer.id) + 1] !== above) map.moveLayer(layer.id, above);
      }
      above = layer.id;
    }
  }

  /** Tell the map the classes that have changed. */
  #colour(map: maplibre.Map, mark: Coloured): void {
    const before = this.#classes.get(mark.id);
    const layer = this.#layers.get(mark.layer)!;
    for (let row = 0; row < mark.classes.length; row++) {
      if (before?.[row] === mark.classes[row]) continue;
      map.setFeatureState(at(layer, row), { [mark.id]: mark.classes[row] });
    }
    this.#classes.set(mark.id, mark.classes);
  }

  #say(): void {
    const canvas = this.#map!.getCanvas();
    canvas.setAttribute("aria-label", this.#header.title);
    canvas.setAttribute("aria-describedby", this.#alt.id);
    this.#alt.textContent = `${this.#header.alt} ${this.#words.keys}`;
    this.#host.dataset.ready = "shapes";
    this.#map!.once("idle", () => (this.#host.dataset.ready = "drawn"));
  }

  /** Move only when the app says so: another place, or another focus. */
  #move(): void {
    const map = this.#map!;
    const bounds = JSON.stringify(this.#header.bounds);
    if (bounds !== this.#camera) {
      this.#camera = bounds;
      this.#fitted = true;
      this.#fit(map);
    }
    const focus = JSON.stringify(this.#header.focus);
    if (focus !== this.#focus && this.#header.focus) {
      this.#fitted = false;
      const animate = !matchMedia("(prefers-reduced-motion: reduce)").matches;
      map.fitBounds(this.#header.focus as Box, { padding: this.#padding(44), maxZoom: 17, animate });
    }
    this.#focus = focus;
    this.#remember(map);
  }

  #fit(map: maplibre.Map): void {
    if (this.#header.bounds) map.fitBounds(this.#header.bounds as Box, { padding: this.#padding(), animate: false });
  }

  #remember(map: maplibre.Map): void {
    const { lng, lat } = map.getCenter();
    cameras.set(this.#header.key, { center: [lng, lat], zoom: map.getZoom(), bounds: this.#camera!, fitted: this.#fitted });
    Object.assign(this.#host.dataset, { lon: lng.toFixed(6), lat: lat.toFixed(6), zoom: map.getZoom().toFixed(3) });
  }

  #listen(map: maplibre.Map): void {
    const canvas = map.getCanvas();
    map.on("moveend", () => {
      if (this.#header.geometry) this.#remember(map);
      if (canvas.matches(":focus-visible")) this.#sayCentre(map);
    });
    map.on("mousemove", (event) => this.#hover(map, event.point));
    map.on("mouseout", () => this.#leave());
    map.on("movestart", (event) => {
      if ((event as { originalEvent?: Event }).originalEvent) this.#fitted = false;
      this.#leave();
    });
    map.on("resize", () => {
      if (this.#fitted) this.#fit(map);
    });
    map.on("click", (event) => this.#pick(map, event.point, event.lngLat));
    canvas.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      this.#pick(map, middle(map), map.getCenter());
    });
  }

  /** The topmost feature that can be chosen at a point of the screen; a little slack for lines and points. */
  #at(map: maplibre.Map, point: maplibre.Point): { mark: Coloured | Outline; row: number } | null {
    const marks = [...this.#marks].reverse().filter(picked);
    const order = [...marks.filter((mark) => mark.kind !== "fill"), ...marks.filter((mark) => mark.kind === "fill")];
    for (const mark of order) {
      if (!map.getLayer(mark.id)) continue;
      const slack = mark.kind === "line" || mark.kind === "points" ? 4 : 0;
      const box: [[number, number], [number, number]] = [
        [point.x - slack, point.y - slack], [point.x + slack, point.y + slack],
      ];
      const hits: MapGeoJSONFeature[] = map.queryRenderedFeatures(slack ? box : point, { layers: [mark.id] });
      if (hits[0]?.id !== undefined) return { mark, row: Number(hits[0].id) };
    }
    return null;
  }

  #hover(map: maplibre.Map, point: maplibre.Point): void {
    const hit = this.#at(map, point);
    map.getCanvas().style.cursor = hit ? "pointer" : "";
    this.#emphasise("near", hit ? { layer: hit.mark.layer, row: hit.row } : null);
    const lines = this.#reading(map, point, hit);
    this.#tip.hidden = !lines.length;
    if (!lines.length) return;
    this.#tip.replaceChildren(...lines.map(([kind, text]) => Object.assign(element("span", kind), { textContent: text })));
    const { clientWidth, clientHeight } = this.#host;
    const [x, y] = [point.x + 14, point.y + 14];
    this.#tip.style.left = `${x + this.#tip.offsetWidth > clientWidth ? point.x - this.#tip.offsetWidth - 10 : x}px`;
    this.#tip.style.top = `${y + this.#tip.offsetHeight > clientHeight ? point.y - this.#tip.offsetHeight - 10 : y}px`;
  }

  /** Name and values of what is at a point: every coloured layer there, the topmost first. */
  #reading(map: maplibre.Map, point: maplibre.Point, hit: { mark: Coloured | Outline; row: number } | null): [string, string][] {
    const lines: [string, string][] = [];
    if (hit) {
      const own = hit.mark.kind === "outline" ? hit.mark.labels?.[hit.row] : null;
      const name = own ?? this.#layers.get(hit.mark.layer)?.names?.[hit.row];
      if (name) lines.push(["tip-name", name]);
    }
    for (const mark of [...this.#marks].reverse()) {
      if (!isColoured(mark)) continue;
      const row = hit?.mark === mark ? hit.row : this.#rowAt(map, mark, point);
      if (row === null) continue;
      const text = reading(mark, row, this.#language!, this.#words);
      if (text) lines.push(["tip-value", mark.title ? `${mark.title}: ${text}` : text]);
    }
    return lines;
  }

  #rowAt(map: maplibre.Map, mark: Coloured, point: maplibre.Point): number | null {
    if (mark.kind !== "fill" || !map.getLayer(mark.id)) return null;
    const id = map.queryRenderedFeatures(point, { layers: [mark.id] })[0]?.id;
    return id === undefined ? null : Number(id);
  }

  #leave(): void {
    this.#tip.hidden = true;
    this.#emphasise("near", null);
  }

  #pick(map: maplibre.Map, point: maplibre.Point, where: maplibre.LngLat): void {
    const hit = this.#at(map, point);
    const chosen = hit ? { layer: hit.mark.layer, row: hit.row } : null;
    if (!chosen && !this.#chosen) return;
    this.#chosen = chosen;
    this.#emphasise("chosen", chosen);
    const lines = this.#reading(map, point, hit).map(([, text]) => text);
    this.#said.textContent = lines.join(". ") || this.#words.nothing;
    const geometry = chosen ? (this.#header.geometry[chosen.layer] as string) : "";
    this.#choose(chosen ? { geometry, ...chosen, lon: where.lng, lat: where.lat } : null);
  }

  #sayCentre(map: maplibre.Map): void {
    const hit = this.#at(map, middle(map));
    const lines = this.#reading(map, middle(map), hit).map(([, text]) => text);
    this.#said.textContent = lines.join(". ") || this.#words.nothing;
  }

  #emphasise(how: "chosen" | "near", what: { layer: string; row: number } | null): void {
    const before = how === "chosen" ? this.#emphasised : this.#near;
    if (before?.layer === what?.layer && before?.row === what?.row) return;
    const mark = (one: { layer: string; row: number } | null, on: boolean) => {
      const layer = one && this.#layers.get(one.layer);
      if (layer && this.#map?.getSource(layer.name)) this.#map.setFeatureState(at(layer, one.row), { [how]: on });
    };
    mark(before, false);
    mark(what, true);
    if (how === "chosen") this.#emphasised = what;
    else this.#near = what;
  }
  #emphasised: { layer: string; row: number } | null = null;
}

function at(layer: Layer, row: number): { source: string; sourceLayer?: string; id: number } {
  const target = { source: layer.name, id: row };
  return layer.archive ? { ...target, sourceLayer: layer.archive.sourceLayer } : target;
}

function middle(map: maplibre.Map): maplibre.Point {
  return map.project(map.getCenter());
}

/** A map in a tab that is not open has no size yet; it is made when it gets one. */
function visible(host: HTMLElement): Promise<void> {
  if (host.clientWidth) return Promise.resolve();
  return new Promise((resolve) => {
    const watch = new ResizeObserver(() => {
      if (!host.clientWidth) return;
      watch.disconnect();
      resolve();
    });
    watch.observe(host);
  });
}
