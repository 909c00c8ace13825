/// <reference lib="dom.iterable" />
/** What makes a page hard to read, measured in the page itself: each function runs in the browser. */
import type { Page } from "playwright-core";

/** Elements that reach beyond the window, and texts that leave their box in the picture. */
export function overflows(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const shown = (element: Element) => element.getClientRects().length > 0;
    const name = (element: Element) =>
      `${element.tagName} ${element.getAttribute("class") ?? ""} ${element.textContent?.slice(0, 40)}`;
    const width = document.documentElement.clientWidth;
    const wide = [...document.body.querySelectorAll("*")]
      // What is for a voice alone is clipped on purpose.
      .filter((element) => shown(element) && element.tagName !== "CAPTION")
      .filter((element) => {
        const { left, right } = element.getBoundingClientRect();
        return left < -1 || right > width + 1;
      });
    const cut = [...document.querySelectorAll("svg .box")].filter(shown).flatMap((box) => {
      const card = box.querySelector(".card")?.getBoundingClientRect();
      return [...box.querySelectorAll("text")].filter((text) => {
        const { left, right, top, bottom } = text.getBoundingClientRect();
        return (
          card && (left < card.left || right > card.right || top < card.top || bottom > card.bottom)
        );
      });
    });
    const scrolls =
      document.documentElement.scrollWidth > width ? ["the page scrolls sideways"] : [];
    return [...scrolls, ...wide.map(name), ...cut.map((text) => `cut: ${name(text)}`)];
  });
}

/** Texts of the picture whose contrast with their box, or the page, is below 4.5 (WCAG 1.4.3). */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const channels = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (color: string) => {
      const [r = 0, g = 0, b = 0] = channels(color).map((value) => {
        const share = value / 255;
        return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
      });
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one: string, other: string) => {
      const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x) as [number, number];
      return (a + 0.05) / (b + 0.05);
    };
    const paint = (element: Element, property: "fill" | "backgroundColor") => {
      const color = getComputedStyle(element)[property];
      return color === "none" || channels(color)[3] === 0 ? undefined : color;
    };
    const ground = (text: Element) => {
      const card = text.closest(".box")?.querySelector(".card");
      if (card) return paint(card, "fill");
      const picture = text.closest("svg")?.querySelector(".ground");
      const painted = picture && paint(picture, "fill");
      for (let at: Element | null = text; !painted && at; at = at.parentElement) {
        const color = paint(at, "backgroundColor");
        if (color) return color;
      }
      return painted ?? "rgb(255, 255, 255)";
    };
    return [...document.querySelectorAll("svg text")]
      .filter((text) => text.getClientRects().length > 0)
      .map((text) => {
        const ratio = contrast(paint(text, "fill") ?? "", ground(text) ?? "");
        return { text: text.textContent, ratio };
      })
      .filter(({ ratio }) => !(ratio >= 4.5))
      .map(({ text, ratio }) => `${text}: ${ratio.toFixed(2)}`);
  });
}

/** Texts of different boxes, or of a box and the legend, that lie over each other. */
export function overlaps(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const texts = [...document.querySelectorAll("svg text")].filter(
      (text) => text.getClientRects().length > 0,
    );
    return texts.flatMap((one, i) =>
      texts.slice(i + 1).flatMap((other) => {
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const apart =
          a.right <= b.left || b.right <= a.left || a.bottom - 3 <= b.top || b.bottom - 3 <= a.top;
        return apart ? [] : [`${one.textContent} / ${other.textContent}`];
      }),
    );
  });
}
