// Signing out on any page of a phone that the field page keeps data on goes through the field page, which wipes them.
const MARK = "wangge-field-here";

export function noteFieldHere(): void {
  try {
    localStorage.setItem(MARK, "1");
  } catch {
    // a browser that keeps nothing has nothing to wipe
  }
}

export function forgetFieldHere(): void {
  try {
    localStorage.removeItem(MARK);
  } catch {
    // as above
  }
}

export function leaveThroughField(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (!form.matches('form[action="/sign-out/"]') || !isFieldHere()) return;
    event.preventDefault();
    location.assign("/field/#out");
  });
}

function isFieldHere(): boolean {
  try {
    return localStorage.getItem(MARK) !== null;
  } catch {
    return false;
  }
}
