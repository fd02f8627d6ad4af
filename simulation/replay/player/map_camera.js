/**
 * What part of the world is seen. World units are cells; the scale is CSS pixels a cell.
 */

const CAMERA_SMOOTH = 160;

/**
 * @param {{left: number, top: number, right: number, bottom: number}} bounds of the world
 * @param {{most: number}} limits the largest scale
 */
export function createCamera(bounds, limits) {
  const camera = {
    bounds,
    x: (bounds.left + bounds.right) / 2,
    y: (bounds.top + bounds.bottom) / 2,
    scale: 8,
    width: 300,
    height: 200,
    dpr: 1,
    /** @type {null | {x: number, y: number, scale: number}} where it is going */
    goal: null,
    fitted: true,

    /** A new size of the canvas, in CSS pixels. */
    resize(width, height, dpr) {
      const changed = camera.width !== width || camera.height !== height || camera.dpr !== dpr;
      Object.assign(camera, { width, height, dpr });
      if (changed && camera.fitted) camera.fit(false);
      return changed;
    },
    /** The smallest scale: everything is seen. */
    get least() {
      return Math.min(camera.width / (bounds.right - bounds.left), camera.height / (bounds.bottom - bounds.top));
    },
    /** Whole device pixels a cell, where cells are large enough. */
    snap(scale) {
      const device = scale * camera.dpr;
      return device >= 3 ? Math.floor(device + 0.001) / camera.dpr : scale;
    },
    /** See everything. */
    fit(smooth = true) {
      camera.fitted = true;
      const to = { x: (bounds.left + bounds.right) / 2, y: (bounds.top + bounds.bottom) / 2, scale: camera.snap(Math.min(limits.most, camera.least)) };
      camera.go(to, smooth);
    },
    /** Go somewhere, at once or smoothly. */
    go(to, smooth) {
      const goal = { x: to.x ?? camera.x, y: to.y ?? camera.y, scale: to.scale ?? camera.goal?.scale ?? camera.scale };
      if (smooth) camera.goal = goal;
      else {
        camera.goal = null;
        Object.assign(camera, goal);
      }
    },
    /** Zoom so that a point of the canvas stays where it is. */
    zoomAt(px, py, factor, smooth) {
      const from = camera.goal?.scale ?? camera.scale;
      const least = camera.least * 0.6;
      let scale = Math.max(Math.min(least, limits.most), Math.min(limits.most, from * factor));
      const snapped = camera.snap(scale);
      const step = 1 / camera.dpr;
      if (factor > 1 && snapped <= from && scale * camera.dpr >= 3) scale = Math.min(limits.most, camera.snap(from) + step);
      else if (factor < 1 && snapped >= from && scale * camera.dpr >= 3) scale = camera.snap(from) - step;
      else scale = snapped;
      const world = camera.toWorld(px, py);
      const to = { scale, x: world.x - (px - camera.width / 2) / scale, y: world.y - (py - camera.height / 2) / scale };
      camera.fitted = false;
      camera.go(camera.kept(to), smooth);
    },
    /** Move by pixels of the canvas. */
    panBy(dx, dy) {
      camera.fitted = false;
      camera.goal = null;
      Object.assign(camera, camera.kept({ x: camera.x - dx / camera.scale, y: camera.y - dy / camera.scale, scale: camera.scale }));
    },
    /** Some of the world stays in sight. */
    kept(to) {
      const x = Math.max(bounds.left, Math.min(bounds.right, to.x));
      const y = Math.max(bounds.top, Math.min(bounds.bottom, to.y));
      return { ...to, x, y };
    },
    /** One frame of a smooth movement; true while it goes on. */
    step(milliseconds) {
      if (!camera.goal) return false;
      const along = 1 - Math.exp((-milliseconds / CAMERA_SMOOTH) * 2.6);
      const { goal } = camera;
      const ratio = (goal.scale / camera.scale) ** along;
      const near = Math.abs(goal.scale / camera.scale - 1) < 0.004 && Math.hypot(goal.x - camera.x, goal.y - camera.y) * camera.scale < 0.4;
      if (near) {
        Object.assign(camera, goal);
        camera.goal = null;
        return true;
      }
      camera.x += (goal.x - camera.x) * along;
      camera.y += (goal.y - camera.y) * along;
      camera.scale *= ratio;
      return true;
    },
    /** Left edge and upper edge in device pixels, whole, so that tiles lie on pixels. */
    origin() {
      const device = camera.scale * camera.dpr;
      return {
        x: Math.round(camera.x * device - (camera.width * camera.dpr) / 2),
        y: Math.round(camera.y * device - (camera.height * camera.dpr) / 2),
        device,
      };
    },
    toWorld(px, py) {
      return { x: camera.x + (px - camera.width / 2) / camera.scale, y: camera.y + (py - camera.height / 2) / camera.scale };
    },
    toScreenX: (x) => (x - camera.x) * camera.scale + camera.width / 2,
    toScreenY: (y) => (y - camera.y) * camera.scale + camera.height / 2,
    /** The part of the world that is seen, with a margin in cells. */
    seen(margin = 0) {
      const halfWidth = camera.width / 2 / camera.scale + margin;
      const halfHeight = camera.height / 2 / camera.scale + margin;
      return { left: camera.x - halfWidth, right: camera.x + halfWidth, top: camera.y - halfHeight, bottom: camera.y + halfHeight };
    },
  };
  return camera;
}
