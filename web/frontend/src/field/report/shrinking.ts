// A photo of the camera made small on the phone: upright, at most as large as the server keeps, without what the camera
// wrote into it (a canvas holds pixels only). One at a time: an old phone has memory for one.
import { t } from "../../words.ts";
import { HEAD_BYTES, readPosition, type Position } from "./exif.ts";

const LONGEST = 2048;
const QUALITY = 0.84;
/** What the server takes unshrunk, and what a phone can be asked to open, bytes. */
const MOST_SENT = 15 * 2 ** 20;
const MOST_OPENED = 80 * 2 ** 20;

export interface Picture {
  readonly blob: Blob;
  readonly position: Position | null;
}

/** A file that is no photo, or one this phone cannot open. The message may be shown. */
export class NoPhoto extends Error {}

let turn: Promise<unknown> = Promise.resolve();

/** The photo of a file, small enough to send. Throws NoPhoto. */
export function shrink(file: File): Promise<Picture> {
  const done = turn.then(() => shrinkNow(file));
  turn = done.catch(() => undefined);
  return done;
}

async function shrinkNow(file: File): Promise<Picture> {
  if (file.size > MOST_OPENED)
    throw new NoPhoto(t("照片有 {size} MB，这台手机打不开。请用较小的尺寸拍摄。", { size: Math.round(file.size / 2 ** 20) }));
  const position = readPosition(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const drawn = await drawAnew(file);
  if (drawn) return { blob: drawn, position };
  // The browser cannot open it here and now; the server judges it, and cleans what it takes.
  if (/^image\/(jpeg|png|webp)$/.test(file.type) && file.size <= MOST_SENT && (await looksLikeOne(file)))
    return { blob: file.slice(0, file.size, file.type), position };
  throw new NoPhoto(t("“{name}”不是照片，或已损坏。请选择 JPEG、PNG 或 WebP 照片。", { name: file.name }));
}

/** An image element, not createImageBitmap: browsers decode it no larger than it is drawn where memory is short. */
async function drawAnew(file: File): Promise<Blob | null> {
  const address = URL.createObjectURL(file);
  const image = new Image();
  try {
    image.src = address;
    await image.decode();
    return await drawn(image);
  } catch {
    return null;
  } finally {
    image.removeAttribute("src");
    URL.revokeObjectURL(address);
  }
}

async function drawn(image: HTMLImageElement): Promise<Blob | null> {
  const { naturalWidth: width, naturalHeight: height } = image;
  const scale = Math.min(1, LONGEST / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(width * scale));
  canvas.height = Math.max(1, Math.round(height * scale));
  const pen = canvas.getContext("2d", { alpha: false });
  if (!pen) return null;
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  canvas.width = canvas.height = 0; // gives the memory back at once
  return blob;
}

async function looksLikeOne(file: File): Promise<boolean> {
  const head = new Uint8Array(await file.slice(0, 12).arrayBuffer());
  const text = String.fromCharCode(...head);
  return text.startsWith("\xff\xd8\xff") || text.startsWith("\x89PNG") || (text.startsWith("RIFF") && text.endsWith("WEBP"));
}
