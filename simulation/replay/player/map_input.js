/**
 * Pointer, touch and wheel on the map.
 */

const INPUT_CLICK = 5;

/**
 * @param {HTMLElement} canvas
 * @param {ReturnType<import("./map_camera.js").createCamera>} camera
 * @param {{moved(): void, tapped(x: number, y: number, touch: boolean): void, hovered(x: number, y: number): void, dragged(): void, gentle: boolean}} acts
 *   `gentle`: the wheel zooms only when the map has the focus, so that a page still scrolls
 * @returns {() => void} takes the listeners away
 */
export function listenToMap(canvas, camera, acts) {
  /** @type {Map<number, {x: number, y: number}>} */
  const down = new Map();
  let travelled = 0;
  let apart = 0;
  const at = (event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const middle = () => {
    const points = [...down.values()];
    const x = points.reduce((sum, point) => sum + point.x, 0) / points.length;
    const y = points.reduce((sum, point) => sum + point.y, 0) / points.length;
    const far = points.length > 1 ? Math.hypot(points[0].x - points[1].x, points[0].y - points[1].y) : 0;
    return { x, y, far };
  };

  const pressed = (event) => {
    if (event.pointerType === "mouse" && event.button !== 0) return;
    canvas.setPointerCapture?.(event.pointerId);
    if (!down.size) travelled = 0;
    down.set(event.pointerId, at(event));
    apart = middle().far;
  };
  const moved = (event) => {
    const held = down.get(event.pointerId);
    const point = at(event);
    if (!held) {
      if (event.pointerType === "mouse") acts.hovered(point.x, point.y);
      return;
    }
    const before = middle();
    down.set(event.pointerId, point);
    const after = middle();
    travelled += Math.abs(after.x - before.x) + Math.abs(after.y - before.y);
    if (down.size > 1 && apart > 0 && after.far > 0) {
      const factor = after.far / apart;
      if (Math.abs(factor - 1) > 0.06) {
        camera.zoomAt(after.x, after.y, factor, false);
        apart = after.far;
        travelled = 99;
      }
    }
    if (travelled > INPUT_CLICK) {
      camera.panBy(after.x - before.x, after.y - before.y);
      acts.dragged();
      acts.moved();
    }
  };
  const released = (event) => {
    const point = down.get(event.pointerId);
    down.delete(event.pointerId);
    apart = down.size > 1 ? middle().far : 0;
    if (point && !down.size && travelled <= INPUT_CLICK && event.type === "pointerup") acts.tapped(point.x, point.y, event.pointerType !== "mouse");
  };
  const rolled = (event) => {
    if (acts.gentle && !event.ctrlKey && !event.metaKey && document.activeElement !== canvas && !canvas.matches(":focus")) return;
    event.preventDefault();
    const lines = event.deltaMode === 1 ? event.deltaY * 16 : event.deltaY;
    const point = at(event);
    camera.zoomAt(point.x, point.y, Math.exp(-Math.max(-240, Math.min(240, lines)) * (event.ctrlKey ? 0.01 : 0.0022)), true);
    acts.moved();
  };

  const heard = [["pointerdown", pressed], ["pointermove", moved], ["pointerup", released], ["pointercancel", released]];
  for (const [name, act] of heard) canvas.addEventListener(name, act);
  canvas.addEventListener("wheel", rolled, { passive: false });
  return () => {
    for (const [name, act] of heard) canvas.removeEventListener(name, act);
    canvas.removeEventListener("wheel", rolled);
  };
}
