"""Ways of using a page: by pointing, or with nothing but a keyboard. A story told with `Hands` is told for both.

Elements are named by CSS selectors on ids, names and addresses: words are translated.
"""

from pathlib import Path
from typing import Protocol

from playwright.sync_api import Locator, Page

MANY_TABS = 250


def follow(control: Locator) -> None:
    """Press what leads to another page, and wait until that page is there: a click alone waits for nothing."""
    with control.page.expect_event("domcontentloaded"):
        control.click()
    control.page.wait_for_load_state()


def enter(page: Page) -> None:
    """Press Enter where it leads to another page, and wait until that page is there."""
    with page.expect_event("domcontentloaded"):
        page.keyboard.press("Enter")
    page.wait_for_load_state()


class Hands(Protocol):
    """What a person does on a page. `press` follows a link or presses a button that leads to another page."""

    def write(self, selector: str, text: str) -> None: ...

    def tick(self, selector: str) -> None: ...

    def attach(self, selector: str, file: Path) -> None: ...

    def press(self, selector: str) -> None: ...


class Pointing:
    """With a finger or a mouse."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def write(self, selector: str, text: str) -> None:
        self._page.locator(selector).fill(text)

    def tick(self, selector: str) -> None:
        self._page.locator(selector).check()

    def attach(self, selector: str, file: Path) -> None:
        self._page.locator(selector).set_input_files(file)

    def press(self, selector: str) -> None:
        follow(self._page.locator(selector).first)


class Typing:
    """With Tab, Enter, Space, arrows and letters. Whatever has the focus must show it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # The browser is told here, long before the key is pressed, that its window for files is not to open.
        page.on("filechooser", lambda _chooser: None)

    def write(self, selector: str, text: str) -> None:
        self._reach(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.type(text)

    def tick(self, selector: str) -> None:
        wanted = self.page.locator(selector)
        if wanted.get_attribute("type") == "radio":
            self._reach(f"input[name='{wanted.get_attribute('name')}']")
            for _ in range(wanted.locator("xpath=ancestor::fieldset//input[@type='radio']").count()):
                if self._is_here(selector):
                    break
                self.page.keyboard.press("ArrowDown")
            assert self._is_here(selector), selector
        else:
            self._reach(selector)
        if not wanted.is_checked():
            self.page.keyboard.press("Space")
        assert wanted.is_checked(), selector

    def attach(self, selector: str, file: Path) -> None:
        self._reach(selector)
        with self.page.expect_file_chooser() as chooser:
            self.page.keyboard.press("Enter")
        chooser.value.set_files(file)

    def strike(self, selector: str, key: str) -> None:
        """One key on an element that stays on the page: a list to choose from, what folds, a link within the page."""
        self._reach(selector)
        self.page.keyboard.press(key)

    def download(self, selector: str) -> bytes:
        """What a link brings."""
        self._reach(selector)
        with self.page.expect_download() as brought:
            self.page.keyboard.press("Enter")
        return brought.value.path().read_bytes()

    def press(self, selector: str) -> None:
        self._reach(selector)
        enter(self.page)

    def _is_here(self, selector: str) -> bool:
        return bool(self.page.evaluate("selector => document.activeElement.matches(selector)", selector))

    def _reach(self, selector: str) -> None:
        """Tab until that element has the focus, which shows."""
        assert self.page.locator(selector).count(), f"{selector} is not on {self.page.url}"
        for _ in range(MANY_TABS):
            if self._is_here(selector):
                break
            self.page.keyboard.press("Tab")
        assert self._is_here(selector), f"{selector} cannot be reached with Tab on {self.page.url}"
        assert focus_shows(self.page.locator(":focus")), f"the focus on {selector} does not show"


def focus_shows(element: Locator) -> bool:
    """Whether what has the focus is marked by an outline or a ring of 3:1 against what lies behind it."""
    return bool(element.evaluate(_RING))


_RING = """
node => {
  const rgb = (text) => (text.match(/[\\d.]+/g) || []).map(Number);
  const light = ([r, g, b]) => {
    const f = (v) => ((v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * f(r) + 0.7152 * f(g) + 0.0722 * f(b);
  };
  const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
  let behind = [255, 255, 255];
  for (let n = node.parentElement; n; n = n.parentElement) {
    const c = rgb(getComputedStyle(n).backgroundColor);
    if (c.length === 3 || c[3] === 1) { behind = c; break; }
  }
  const style = getComputedStyle(node);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  if (outlined && ratio(rgb(style.outlineColor), behind) >= 3) return true;
  const shadows = style.boxShadow === "none" ? [] : style.boxShadow.match(/rgba?\\([^)]*\\)/g) || [];
  return shadows.some((shadow) => ratio(rgb(shadow), behind) >= 3);
}
"""
