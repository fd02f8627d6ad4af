/**
 * A world that is a network: places as nodes, ways as edges. One world unit is one cell of a person.
 */
import { shortText } from "./dom.js";
import { overlayColours } from "./map_palette.js";

/**
 * @param {object} stage of kind network
 */
export function createNetwork(stage) {
  const places = stage.places ?? [];
  const side = Math.max(16, Math.ceil(Math.sqrt(Math.max(1, places.length)) * 9));
  const at = places.map((place) => ({ x: networkPart(place.x) * side, y: networkPart(place.y) * side * 0.72, name: shortText(place.name || place.id, 40) }));
  const edges = (stage.edges ?? []).filter(([one, two]) => at[one] && at[two]);
  const radius = networkRadius(at, side);
  const layer = document.createElement("canvas");
  let drawn = "";
  return {
    bounds: { left: -radius * 2.4, top: -radius * 2.4, right: side + radius * 2.4, bottom: side * 0.72 + radius * 2.4 },
    at,
    radius,
    open: () => true,
    /** @param {CanvasRenderingContext2D} ctx in device pixels */
    draw(target, camera, dark) {
      const colours = overlayColours(dark);
      const { x: originX, y: originY, device } = camera.origin();
      const { width, height } = target.canvas;
      const key = [originX, originY, device, width, height, dark].join();
      if (key === drawn) {
        target.drawImage(layer, 0, 0);
        return false;
      }
      drawn = key;
      if (layer.width !== width || layer.height !== height) Object.assign(layer, { width, height });
      const ctx = /** @type {CanvasRenderingContext2D} */ (layer.getContext("2d"));
      ctx.clearRect(0, 0, width, height);
      ctx.strokeStyle = colours.edge;
      ctx.lineWidth = Math.max(1, Math.min(device * 0.09, 1.6 * camera.dpr));
      for (const [one, two] of edges) {
        ctx.beginPath();
        ctx.moveTo(at[one].x * device - originX, at[one].y * device - originY);
        ctx.lineTo(at[two].x * device - originX, at[two].y * device - originY);
        ctx.stroke(); // one by one: a single path over all of the canvas is far slower
      }
      ctx.fillStyle = colours.node;
      ctx.strokeStyle = colours.nodeLine;
      ctx.lineWidth = Math.max(1, 1.5 * camera.dpr);
      const seen = camera.seen(radius);
      for (const node of at) {
        if (node.x < seen.left || node.x > seen.right || node.y < seen.top || node.y > seen.bottom) continue;
        ctx.beginPath();
        ctx.arc(node.x * device - originX, node.y * device - originY, Math.max(2, radius * device), 0, Math.PI * 2);
        ctx.fill();
        ctx.stroke();
      }
      target.drawImage(layer, 0, 0);
      return false;
    },
    clear() {
      drawn = "";
    },
  };
}

function networkPart(value) {
  const number = Number(value);
  return Number.isFinite(number) ? Math.max(0, Math.min(1, number)) : 0.5;
}

/** As large as the nearest neighbours allow. */
function networkRadius(at, side) {
  let nearest = side * 0.2;
  const many = Math.min(at.length, 400);
  for (let one = 0; one < many; one += 1)
    for (let two = 0; two < one; two += 1) {
      const apart = Math.hypot(at[one].x - at[two].x, at[one].y - at[two].y);
      if (apart > 0.01) nearest = Math.min(nearest, apart);
    }
  return Math.max(0.8, Math.min(3, nearest * 0.36));
}
