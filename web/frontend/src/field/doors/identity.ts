// Reading a citizen's number (GB 11643) while it is typed. The server reads it again; nothing typed here is logged.

export interface Read {
  readonly problem: "" | "shape" | "birth" | "check";
  /** GB/T 2261.1: 1 male, 2 female. */
  readonly sex: "" | "1" | "2";
  readonly born: string;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const CHECKS = "10X98765432";

/** `invented`: people of a demonstration, whose check character is wrong on purpose. */
export function readIdentity(typed: string, invented: boolean, today: Date = new Date()): Read {
  const number = complete(typed.normalize("NFKC").replace(/[\s'’-]+/g, "").toUpperCase());
  if (!/^[0-9]{17}[0-9X]$/.test(number)) return { problem: "shape", sex: "", born: "" };
  const born = birth(number, today);
  if (!born) return { problem: "birth", sex: "", born: "" };
  if (!invented && checkOf(number) !== number[17]) return { problem: "check", sex: "", born: "" };
  return { problem: "", sex: Number(number[16]) % 2 ? "1" : "2", born };
}

function checkOf(number: string): string {
  return CHECKS[WEIGHTS.reduce((sum, weight, n) => sum + weight * Number(number[n]), 0) % 11];
}

/** A number of 15 digits (before 1999) as 18. */
function complete(number: string): string {
  if (!/^[0-9]{15}$/.test(number)) return number;
  const longer = `${number.slice(0, 6)}19${number.slice(6)}`;
  return longer + checkOf(longer);
}

function birth(number: string, today: Date): string {
  const [year, month, day] = [number.slice(6, 10), number.slice(10, 12), number.slice(12, 14)];
  const born = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const real = born.getUTCMonth() === Number(month) - 1 && born.getUTCDate() === Number(day);
  return real && Number(year) >= 1890 && born <= today ? `${year}-${month}-${day}` : "";
}
