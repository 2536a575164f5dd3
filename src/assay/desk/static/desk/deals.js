// Dragging a card to another month fills in and sends the card's own form, which also works by hand.
let dragged = null;

const laneOf = (event) => event.target.closest?.("[data-lane]");
const leave = () => document.querySelectorAll(".lane-over").forEach((lane) => lane.classList.remove("lane-over"));

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-deal]") ?? null;
  if (dragged) event.dataTransfer.effectAllowed = "move";
});

document.addEventListener("dragover", (event) => {
  const lane = laneOf(event);
  leave();
  if (!dragged || !lane || lane.contains(dragged)) return;
  event.preventDefault();
  lane.classList.add("lane-over");
});

document.addEventListener("drop", (event) => {
  const lane = laneOf(event);
  if (!dragged || !lane || lane.contains(dragged)) return;
  event.preventDefault();
  const date = dragged.querySelector("[name=close_date]");
  date.value = lane.dataset.lane;
  date.form.requestSubmit();
});

document.addEventListener("dragend", () => {
  dragged = null;
  leave();
});
