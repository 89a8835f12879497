/**
 * Draws charts again in the browser from the same option the server drew: sharper on a narrow
 * screen, with a label under the pointer and a PNG to download. When anything fails the server's
 * picture stays.
 */
const FONT = '"Inter Variable", Inter, Arial, sans-serif';

/** The option for a width, in the page's own typeface. */
function option({ narrow, height, ...wide }, width) {
  const plain = width < 560 && narrow ? narrow : wide;
  return { ...plain, textStyle: { ...plain.textStyle, fontFamily: FONT } };
}

/** The option as a file shows it: with its title, and room for it. */
function titled(plain) {
  const full = option(plain, 1140);
  return {
    ...full,
    title: { ...full.title, show: true },
    grid: { ...full.grid, top: full.grid.top + 52 },
    backgroundColor: "#ffffff",
  };
}

function save(address, name) {
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
}

function png(plain, name) {
  const sheet = document.createElement("canvas");
  const drawing = echarts.init(sheet, null, {
    renderer: "canvas",
    width: 1140,
    height: plain.height + 52,
    devicePixelRatio: 2,
  });
  drawing.setOption(titled(plain));
  save(drawing.getDataURL({ type: "png", pixelRatio: 2 }), name);
  drawing.dispose();
}

async function enhance(figure) {
  const answer = await fetch(figure.dataset.chart, { headers: { Accept: "application/json" } });
  if (!answer.ok) return;
  const plain = await answer.json();
  const picture = figure.querySelector("[data-chart-picture]");
  const canvas = figure.querySelector("[data-chart-canvas]");
  await document.fonts?.ready;
  canvas.hidden = false;
  canvas.style.height = `${plain.height}px`;
  picture.classList.add("app-chart__picture--replaced");
  const drawing = echarts.init(canvas, null, { renderer: "svg" });
  const draw = () => {
    drawing.resize();
    drawing.setOption(option(plain, canvas.clientWidth), { notMerge: true });
  };
  draw();
  new ResizeObserver(draw).observe(canvas);
  const button = figure.querySelector("[data-chart-png]");
  button.closest("li").hidden = false;
  button.addEventListener("click", () => png(plain, button.dataset.chartPng));
  figure.dataset.ready = "1";
}

document.querySelectorAll("figure[data-chart]").forEach((figure) => {
  enhance(figure).catch(() => undefined);
});
