// The form by which residents report. Without it the form works too: it adds the position, the map, finding, "same here".
import { enlivenKinds } from "./resident/kinds.ts";
import { enlivenPlace } from "./resident/place.ts";
import { offerSimilar } from "./resident/similar.ts";

const form = document.querySelector<HTMLFormElement>("form[data-resident-form]");
if (form) {
  const offer = offerSimilar(form);
  enlivenPlace(form, offer);
  enlivenKinds(form, offer);
  document.getElementById("trouble")?.focus();
}
