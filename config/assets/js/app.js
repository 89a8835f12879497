/** Behaviour of every page. Each page works without it; see charts.js for charts. */
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  createAll,
} from "govuk-frontend";
import { ButtonMenu, DatePicker } from "@ministryofjustice/frontend";
import "htmx.org";

const modules = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  FileUpload,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  Tabs,
  ButtonMenu,
  DatePicker,
];

const enhance = (scope) => modules.forEach((module) => createAll(module, undefined, scope));
enhance(document);
document.addEventListener("htmx:after:swap", () => {
  regions();
});

/** Copy link: the address carries the whole state of the view. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy-link]");
  if (!button) return;
  const address = new URL(button.dataset.copyLink || location.href, location.href).href;
  const status = button.parentElement.querySelector("[data-copied]");
  try {
    await navigator.clipboard.writeText(address);
    status.textContent = "Link copied";
  } catch {
    status.textContent = address;
  }
});
document.querySelectorAll("[data-copy-link]").forEach((button) => (button.hidden = false));

/** Where pages stand in a row that moves sideways, the one that is open is in sight. */
document.querySelectorAll(".moj-sub-navigation__link[aria-current]").forEach((link) => {
  const row = link.closest("ul");
  const beyond = link.getBoundingClientRect().right - row.getBoundingClientRect().right;
  if (beyond > 0) row.scrollLeft += beyond + 16;
});

/** On a narrow screen the filters start folded, so that the list is seen first. */
if (matchMedia("(max-width: 48em)").matches) {
  document.querySelectorAll("details[data-fold-when-narrow]").forEach((box) => (box.open = false));
}

/** A table region takes the keyboard only while there is something to scroll. */
function regions() {
  document.querySelectorAll("[data-scroll-region]").forEach((region) => {
    const wide = region.scrollWidth > region.clientWidth + 1;
    region.toggleAttribute("data-scrolls", wide);
    if (wide) region.setAttribute("tabindex", "0");
    else region.removeAttribute("tabindex");
  });
}
regions();
addEventListener("resize", regions);
document.fonts?.ready.then(regions);

document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
