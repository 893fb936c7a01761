/** Runs in a page: texts of the drawing that leave the box that they are written into. */
[...document.querySelectorAll('svg.pl-lab g')].flatMap((group) => {
  const box = group.querySelector(':scope > rect')?.getBoundingClientRect();
  return [...group.querySelectorAll(':scope > text, :scope > a text')].flatMap((text) => {
    const { left, right } = text.getBoundingClientRect();
    return box && (left < box.left || right > box.right) ? [text.textContent] : [];
  });
});
