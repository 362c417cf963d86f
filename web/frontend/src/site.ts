// What every page needs: htmx with the CSRF token, and menus that close when one looks elsewhere.
import htmx from "htmx.org";
import { enlivenBulk } from "./cases/bulk.ts";
import { listenForKeys } from "./cases/keys.ts";
import { enlivenCase } from "./cases/page.ts";
import { enlivenFilter } from "./filter/page.ts";
import { cookie } from "./request.ts";
import { mountRiskForm } from "./risk/form.ts";
import { enlivenRules } from "./routing/ordering.ts";
import { findCommunityHere } from "./site/community.ts";
import { copyOnClick } from "./site/copy.ts";
import { keepViewAcrossLanguages } from "./site/language.ts";
import { leaveThroughField } from "./site/leaving.ts";
import { closeMenusOutside } from "./site/menus.ts";
import { fitNavigation } from "./site/navigation.ts";
import { shrinkChosenPhotos } from "./site/photos.ts";
import { pressByKey } from "./site/press.ts";
import { mountRedaction } from "./site/redaction.ts";
import { enlivenSwipe } from "./site/swipe.ts";
import { leadToWhatIsWrong } from "./site/wrong_fields.ts";

declare global {
  interface Window {
    htmx: typeof htmx;
  }
}
window.htmx = htmx;

document.addEventListener("htmx:configRequest", (event) => {
  (event as CustomEvent).detail.headers["X-CSRFToken"] = cookie("csrftoken");
});
closeMenusOutside();
copyOnClick();
enlivenBulk();
enlivenCase();
listenForKeys();
enlivenFilter();
enlivenRules();
enlivenSwipe();
keepViewAcrossLanguages();
pressByKey();
leadToWhatIsWrong();
leaveThroughField();
findCommunityHere();
fitNavigation();
mountRedaction();
mountRiskForm();
shrinkChosenPhotos();
