// The message from Python (wire.py): zlib; then the header's length, the header as JSON, the arrays.

export interface Ref {
  kind: "f4" | "f8" | "i4" | "u4" | "u1";
  at: number;
  n: number;
}

const ARRAYS = { f4: Float32Array, f8: Float64Array, i4: Int32Array, u4: Uint32Array, u1: Uint8Array } as const;

export class Parcel {
  readonly header: any;
  readonly #buffer: ArrayBuffer;
  readonly #start: number;

  constructor(buffer: ArrayBuffer) {
    const length = new DataView(buffer).getUint32(0, true);
    this.#buffer = buffer;
    this.#start = 4 + length;
    this.header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  }

  array<K extends Ref["kind"]>(ref: Ref & { kind: K }): InstanceType<(typeof ARRAYS)[K]> {
    const Kind = ARRAYS[ref.kind] as any;
    return new Kind(this.#buffer, this.#start + ref.at, ref.n);
  }
}

export async function unpack(message: Uint8Array): Promise<Parcel> {
  const plain = new Blob([message as BlobPart]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Parcel(await new Response(plain).arrayBuffer());
}
