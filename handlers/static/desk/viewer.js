// Photos over the whole page: next and previous by key, button and swipe, larger by pinch and wheel, turned, as sent.

import PhotoSwipe from "../vendor/photoswipe/photoswipe.js";

const WORDS = {
  closeTitle: "关闭（Esc）", zoomTitle: "放大（Z）", arrowPrevTitle: "上一张（←）", arrowNextTitle: "下一张（→）",
  errorMsg: "这张图片打不开。", indexIndicatorSep: " / ",
};

/** Links to photos, each with its small picture; `at` is the one to begin with. */
export function show(links, at) {
  const viewer = new PhotoSwipe({
    ...WORDS, dataSource: links.map(slide), index: at, bgOpacity: 0.92, showHideAnimationType: "none", wheelToZoom: true,
  });
  const turn = () => turned(viewer);
  viewer.on("uiRegister", () => {
    viewer.ui.registerElement({ name: "turn", order: 8, isButton: true, html: "转", title: "转一下（R）", onClick: turn });
    viewer.ui.registerElement({
      name: "original", order: 9, isButton: true, tagName: "a", html: "原图", title: "在新的一页看原图",
      onInit: (link) => {
        link.target = "_blank";
        link.rel = "noopener";
        viewer.on("change", () => (link.href = viewer.currSlide.data.src));
      },
    });
  });
  viewer.on("keydown", (event) => {
    if (event.originalEvent.code === "KeyR") turn();
  });
  viewer.init();
  viewer.element.setAttribute("aria-label", "照片");
}

function slide(link) {
  const small = link.querySelector("img"), size = (side) => small[`natural${side}`] || Number(small.getAttribute(side.toLowerCase()));
  return { src: link.href, msrc: small.src, width: size("Width") || 1200, height: size("Height") || 900, alt: small.alt };
}

/** A quarter to the right, as large as the page has room for. */
function turned(viewer) {
  const picture = viewer.currSlide.content.element;
  const by = (Number(picture.dataset.turned || 0) + 90) % 360;
  picture.dataset.turned = by;
  const shown = viewer.currSlide.currZoomLevel, room = viewer.viewportSize;
  const fits = Math.min(room.x / (viewer.currSlide.height * shown), room.y / (viewer.currSlide.width * shown), 1);
  picture.style.transform = `rotate(${by}deg) scale(${by % 180 ? fits : 1})`;
}
