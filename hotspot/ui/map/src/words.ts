// The component's own words. Both languages have every word: the type says so.

export type Language = "da" | "en";

const danish = {
  legend: "Signaturforklaring",
  cannotSay: "Kan ikke siges",
  hidden: "Skjult (for få til at vise)",
  opacity: "Dækning",
  under: "under {n}",
  between: "{a}–{b}",
  over: "{n} og derover",
  noMap: "Denne browser kan ikke tegne kortet. Billedet og tabellen nedenfor viser det samme.",
  noMapNoPicture: "Denne browser kan ikke tegne kortet. Tabellen nedenfor viser det samme.",
  loading: "Kortet hentes …",
  keys: "Piletaster flytter, plus og minus zoomer, Enter vælger stedet i midten.",
  nothing: "Intet sted her",
};

const english: typeof danish = {
  legend: "Legend",
  cannotSay: "Cannot say",
  hidden: "Hidden (too few to show)",
  opacity: "Opacity",
  under: "under {n}",
  between: "{a}–{b}",
  over: "{n} and over",
  noMap: "This browser cannot draw the map. The picture and the table below show the same.",
  noMapNoPicture: "This browser cannot draw the map. The table below shows the same.",
  loading: "Loading the map …",
  keys: "Arrow keys move, plus and minus zoom, Enter picks the place in the middle.",
  nothing: "No place here",
};

export type Words = typeof danish;
export const WORDS: Record<Language, Words> = { da: danish, en: english };

/** Titles of MapLibre's own controls; its English ones are kept. */
export const CONTROLS: Record<Language, Record<string, string>> = {
  da: {
    "FullscreenControl.Enter": "Vis i fuld skærm",
    "FullscreenControl.Exit": "Luk fuld skærm",
    "Map.Title": "Kort",
    "Marker.Title": "Kortmarkør",
    "NavigationControl.ResetBearing": "Nord opad",
    "NavigationControl.ZoomIn": "Zoom ind",
    "NavigationControl.ZoomOut": "Zoom ud",
    "Popup.Close": "Luk",
    "ScaleControl.Meters": "m",
    "ScaleControl.Kilometers": "km",
  },
  en: {},
};

const LOCALE: Record<Language, string> = { da: "da-DK", en: "en-GB" };

export function number(language: Language, decimals: number): (value: number) => string {
  const format = new Intl.NumberFormat(LOCALE[language], {
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  });
  return (value) => format.format(value);
}

export function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, name: string) => values[name] ?? "");
}
