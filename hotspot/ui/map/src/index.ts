// What Streamlit calls: with shapes to keep, or with a view to show.
import * as maplibre from "maplibre-gl";
import { element } from "./legend";
import { HotspotMap, type Choice } from "./map";
import { receive, tiles } from "./shapes";
import { unpack, type Parcel } from "./wire";
import { WORDS, type Language } from "./words";

declare const WORKER_NAME: string;

interface Mounted {
  parentElement: ParentNode;
  data: Uint8Array | null;
  setStateValue: (name: "click" | "blind", value: Choice | boolean | null) => void;
}

interface Instance {
  map: HotspotMap | null;
  data: Uint8Array | null;
  turn: number;
  tell: Mounted["setStateValue"];
}

const instances = new WeakMap<Element, Instance>();
let prepared = false;

function prepare(): void {
  if (prepared) return;
  prepared = true;
  maplibre.setWorkerUrl(new URL(WORKER_NAME, import.meta.url).href);
  maplibre.addProtocol("pmtiles", tiles.tile);
}

export default function mount({ parentElement, data, setStateValue }: Mounted): () => void {
  const host = parentElement.querySelector<HTMLElement>(".hotspot-map");
  if (!host || !data) return () => {};
  const instance = instances.get(host) ?? { map: null, data: null, turn: 0, tell: setStateValue };
  instances.set(host, instance);
  instance.tell = setStateValue;
  if (instance.data && same(instance.data, data)) instance.map?.retheme();
  else {
    instance.data = data;
    void handle(host, instance, data);
  }
  return () => {
    instance.turn++;
    instance.map?.remove();
    instances.delete(host);
  };
}

async function handle(host: HTMLElement, instance: Instance, data: Uint8Array): Promise<void> {
  const turn = ++instance.turn;
  const current = () => instance.turn === turn;
  const parcel = await unpack(data);
  if (parcel.header.message === "geometry") return receive(parcel);
  if (!current()) return;
  prepare();
  if (!HotspotMap.possible()) return withoutMap(host, instance, parcel);
  instance.map ??= new HotspotMap(host, (choice) => instance.tell("click", choice));
  instance.map.retheme();
  await instance.map.show(parcel, current);
}

/** A browser without WebGL gets the picture that the app has for it, and is told where the numbers are. */
function withoutMap(host: HTMLElement, instance: Instance, parcel: Parcel): void {
  const words = WORDS[parcel.header.language as Language];
  const told = element("p", "map-missing");
  host.classList.add("without-map");
  if (parcel.header.fallback) {
    const picture = element("img", "map-picture");
    picture.alt = `${parcel.header.title}. ${parcel.header.alt}`;
    picture.src = URL.createObjectURL(new Blob([parcel.array(parcel.header.fallback) as unknown as BlobPart], { type: "image/png" }));
    told.textContent = words.noMap;
    host.replaceChildren(told, picture);
  } else {
    told.textContent = words.noMapNoPicture;
    host.replaceChildren(told);
    if (!parcel.header.blind) instance.tell("blind", true);
  }
}

function same(first: Uint8Array, second: Uint8Array): boolean {
  return first === second || (first.length === second.length && first.every((byte, i) => byte === second[i]));
}
