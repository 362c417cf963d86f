// The map of the residents' form, fetched when somebody opens it.
export { ResidentMap } from "./resident/map.ts";
