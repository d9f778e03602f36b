// The shapes that this page has received, by key. A second component instance brings them; maps wait for them.
import { PMTiles, Protocol, type RangeResponse, type Source } from "pmtiles";
import type { Parcel } from "./wire";

export interface Layer {
  name: string;
  n: number | null; // null: a tile archive does not say
  names: (string | null)[] | null;
  geojson: GeoJSON.FeatureCollection | null;
  archive: { url: string; sourceLayer: string } | null;
}

export interface Shapes {
  name: string;
  layers: Map<string, Layer>;
}

const received = new Map<string, Shapes>();
const waiting = new Set<(shapes: Shapes) => void>();
export const tiles = new Protocol();

export async function receive(parcel: Parcel): Promise<void> {
  const name: string = parcel.header.name;
  const key = name.slice(0, name.lastIndexOf(":"));
  if (received.get(key)?.name === name) return;
  const layers = new Map<string, Layer>();
  for (const told of parcel.header.layers) layers.set(told.name, await layerOf(told, parcel, name));
  const shapes = { name, layers };
  received.set(key, shapes);
  for (const tell of [...waiting]) tell(shapes);
}

export function shapesNamed(name: string): Promise<Shapes> {
  const here = received.get(name.slice(0, name.lastIndexOf(":")));
  if (here?.name === name) return Promise.resolve(here);
  return new Promise((resolve) => {
    const tell = (shapes: Shapes) => {
      if (shapes.name !== name) return;
      waiting.delete(tell);
      resolve(shapes);
    };
    waiting.add(tell);
  });
}

async function layerOf(told: any, parcel: Parcel, owner: string): Promise<Layer> {
  if (told.archive) {
    const id = `${owner}/${told.name}`;
    const archive = new PMTiles(new Held(id, parcel.array(told.archive as any) as Uint8Array));
    tiles.add(archive);
    const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
    const sourceLayer = metadata.vector_layers?.[0]?.id ?? told.name;
    return { name: told.name, n: null, names: null, geojson: null, archive: { url: `pmtiles://${id}`, sourceLayer } };
  }
  return { name: told.name, n: told.n, names: told.names ?? null, geojson: features(told, parcel), archive: null };
}

/** Tiles are read from memory: the archive came whole over the page's own connection. */
class Held implements Source {
  constructor(
    private readonly id: string,
    private readonly bytes: Uint8Array,
  ) {}
  getKey(): string {
    return this.id;
  }
  async getBytes(offset: number, length: number): Promise<RangeResponse> {
    return { data: this.bytes.slice(offset, offset + length).buffer as ArrayBuffer };
  }
}

/** Rebuild features from the runs of coordinate differences that geometry.py wrote. */
function features(told: any, parcel: Parcel): GeoJSON.FeatureCollection {
  const [rows, kinds, runs, lengths, x, y] = ["rows", "kinds", "runs", "lengths", "x", "y"].map((part) =>
    parcel.array(told[part]),
  ) as [Uint32Array, Uint8Array, Uint32Array, Uint32Array, Int32Array, Int32Array];
  const collection: GeoJSON.Feature[] = [];
  let run = 0;
  let at = 0;
  let lon = 0;
  let lat = 0;
  const nextRun = (): [number, number][] => {
    const path: [number, number][] = [];
    for (const end = at + lengths[run++]!; at < end; at++) {
      lon = (lon + x[at]!) | 0;
      lat = (lat + y[at]!) | 0;
      path.push([lon / 1e7, lat / 1e7]);
    }
    return path;
  };
  for (let part = 0; part < rows.length; part++) {
    const row = rows[part]!;
    const name = told.names?.[row];
    const properties = name ? { name } : {};
    const paths = Array.from({ length: runs[part]! }, nextRun);
    collection.push({ type: "Feature", id: row, properties, geometry: geometry(kinds[part]!, paths) });
  }
  return { type: "FeatureCollection", features: collection };
}

function geometry(kind: number, paths: [number, number][][]): GeoJSON.Geometry {
  if (kind === 1) return { type: "Point", coordinates: paths[0]![0]! };
  if (kind === 2) return { type: "LineString", coordinates: paths[0]! };
  return { type: "Polygon", coordinates: paths };
}
