// Bars of how many incidents each time bin has on screen, above the slider.

export function drawBars(canvas: HTMLCanvasElement, counts: ArrayLike<number>, colour: string): void {
  const sharp = Math.min(window.devicePixelRatio || 1, 2);
  const [width, height] = [Math.round(canvas.clientWidth * sharp), Math.round(canvas.clientHeight * sharp)];
  if (!width || !height) return;
  [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context || !counts.length) return;
  const most = Math.max(1, ...Array.from(counts));
  const step = width / counts.length;
  const gap = step > 4 * sharp ? sharp : 0;
  context.fillStyle = colour;
  for (let i = 0; i < counts.length; i++) {
    const tall = Math.max(counts[i] ? sharp : 0, (counts[i] / most) * height);
    context.fillRect(i * step, height - tall, Math.max(0.5, step - gap), tall);
  }
}
